"""What all tests share: the folder of helpers (`small.py`) is on the path because this file is here."""
