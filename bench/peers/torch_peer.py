"""The network described on the command line, in PyTorch, timed on request.

Usage: torch_peer.py NETWORK.json train|forward contiguous|channels_last THREADS [wall|cpu]
Reads one line a sample on standard input and answers the milliseconds it took,
on the wall or of processor time over all threads.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from torch_network import Net

description, mode, layout, threads = sys.argv[1:5]
now = time.process_time if sys.argv[5:6] == ["cpu"] else time.perf_counter
torch.set_num_threads(int(threads))
torch.manual_seed(0)
network = json.load(open(description, encoding="utf-8"))
memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format

net = Net(network).to(memory_format=memory_format)
batch, side = (4, 256) if mode == "train" else (1, 512)
image = torch.randn(batch, 1, side, side).contiguous(memory_format=memory_format)
target = (torch.rand(batch, 1, side, side) < 0.22).float()
weight = torch.ones_like(target)
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4, fused=True)


def train():
    logits = net(image)
    probability = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target, weight)
    dice = 1 - (2 * (weight * probability * target).sum() + 1) / (
        (weight * probability).sum() + (weight * target).sum() + 1
    )
    optimizer.zero_grad(set_to_none=True)
    (entropy + 0.5 * dice).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()


@torch.inference_mode()
def forward():
    net.probability(net(image))


sample = train if mode == "train" else forward
print("ready", flush=True)
for _ in sys.stdin:
    start = now()
    sample()
    print((now() - start) * 1000, flush=True)
