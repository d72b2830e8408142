"""One simulated person's story: the months lived again, with somebody who looks on."""
