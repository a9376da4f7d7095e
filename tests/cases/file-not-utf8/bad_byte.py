# component
# café  # <- 6
import torch
