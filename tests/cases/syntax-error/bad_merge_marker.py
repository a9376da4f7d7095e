# component
import torch
<<<<<<< HEAD  # <- 1
