"""Memory of the described network in PyTorch, while it trains and while it predicts (Linux).

Usage: torch_memory.py NETWORK.json STEPS PREDICTIONS THREADS
Prints a line of JSON every ten steps, after Python's garbage has been collected.
"""

import gc
import json
import os
import sys

import torch
import torch.nn.functional as F
from torch import nn

from torch_network import Net

steps, predictions, threads = (int(word) for word in sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
network = json.load(open(sys.argv[1], encoding="utf-8"))
net = Net(network).to(memory_format=torch.channels_last)
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4, fused=True)


def report(phase, done):
    if done % 10 != 0:
        return
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[1])
    kibibytes = pages * os.sysconf("SC_PAGESIZE") / 1024
    line = {"phase": phase, "done": done, "rssKiB": kibibytes, "tensors": None, "graphs": None}
    print(json.dumps(line), flush=True)


for done in range(1, steps + 1):
    image = torch.randn(4, 1, 256, 256)
    target = (torch.rand(4, 1, 256, 256) < 0.22).float()
    optimizer.zero_grad(set_to_none=True)
    F.binary_cross_entropy_with_logits(net(image), target).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    report("training", done)
for done in range(1, predictions + 1):
    with torch.inference_mode():
        net.probability(net(torch.randn(1, 1, 512, 512)))
    report("prediction", done)
