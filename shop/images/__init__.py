"""The one door for pictures that people upload: checked, decoded within limits, and written anew."""
