"""Trains the network described in a job for some time or steps, as a PyTorch user would.

Usage: torch_train.py JOB.json
AdamW, warm-up and cosine, BCE + Dice, dihedral and intensity augmentation, the
faster of the two memory layouts. The score of a validation comes from outside:
its maps are written, an event is printed as a line of JSON, and the line read
back says whether these weights are the best so far. The clock stands still
meanwhile, and while it predicts.
"""

import json
import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from torch_network import Net

job = json.load(open(sys.argv[1], encoding="utf-8"))
torch.set_num_threads(job["threads"])
torch.manual_seed(job["seed"])
random = np.random.default_rng(job["seed"])

BATCH, CROP, BORDER = 4, 256, 16
PEAK, WARM_UP, WEIGHT_DECAY, CLIP, DICE = 3e-3, 0.1, 1e-4, 1.0, 0.5

shape = (job["depth"], job["height"], job["width"])
grey = np.fromfile(job["images"], np.uint8).reshape(shape).astype(np.float32)
images = (grey - grey.mean((1, 2), keepdims=True)) / grey.std((1, 2), keepdims=True)
images = torch.from_numpy(images)
targets = torch.from_numpy(np.fromfile(job["targets"], np.uint8).reshape(shape)).float()
train = np.array(job["train"])
start_weights = np.fromfile(job["weights"], np.float32)


def say(**event):
    print(json.dumps(event), flush=True)


def fresh(layout):
    net = Net(job["network"])
    if net.output != "sigmoid" or job["network"]["classes"] != 1:
        raise ValueError("this trains one membrane map only")
    net.load(start_weights, job["parameters"])
    net.to(memory_format=layout)
    optimizer = torch.optim.AdamW(net.parameters(), lr=PEAK, weight_decay=WEIGHT_DECAY, fused=True)
    return net, optimizer


def next_batch(layout):
    crops, truths = [], []
    for _ in range(BATCH):
        z = random.choice(train)
        y = random.integers(shape[1] - CROP + 1)
        x = random.integers(shape[2] - CROP + 1)
        pair = torch.stack([images[z, y : y + CROP, x : x + CROP], targets[z, y : y + CROP, x : x + CROP]])
        pair = torch.rot90(pair, int(random.integers(4)), (1, 2))
        if random.random() < 0.5:
            pair = pair.flip(2)
        crops.append(pair[0] * random.uniform(0.8, 1.25) + random.uniform(-0.3, 0.3))
        truths.append(pair[1])
    image = torch.stack(crops)[:, None].contiguous(memory_format=layout)
    return image, torch.stack(truths)[:, None].contiguous(memory_format=layout)


def step(net, optimizer, layout, rate):
    image, target = next_batch(layout)
    for group in optimizer.param_groups:
        group["lr"] = rate
    logits = net(image)
    probability = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target)
    dice = 1 - (2 * (probability * target).sum() + 1) / (probability.sum() + target.sum() + 1)
    loss = entropy + DICE * dice
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), CLIP)
    optimizer.step()
    return loss.item()


def faster_layout():
    """A step in either layout, in turns, on copies; the median of five after one to warm up."""
    layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
    nets = {name: fresh(layout) for name, layout in layouts.items()}
    times = {name: [] for name in layouts}
    for turn in range(6):
        for name, layout in layouts.items():
            began = time.perf_counter()
            step(*nets[name], layout, 1e-4)
            if turn > 0:
                times[name].append(time.perf_counter() - began)
    milliseconds = {name: float(np.median(taken)) * 1000 for name, taken in times.items()}
    chosen = min(milliseconds, key=milliseconds.get)
    say(event="layout", milliseconds=milliseconds, chosen=chosen)
    return layouts[chosen]


@torch.inference_mode()
def write_maps(net, layout, slices, path):
    maps = []
    for z in slices:
        # Mirrored borders, and a size that the poolings divide.
        right, bottom = -shape[2] % 16, -shape[1] % 16
        image = F.pad(images[z][None, None], (BORDER, BORDER + right, BORDER, BORDER + bottom), "reflect")
        probability = net.probability(net(image.contiguous(memory_format=layout)))
        maps.append(probability[0, 0, BORDER : BORDER + shape[1], BORDER : BORDER + shape[2]].numpy())
    np.stack(maps).astype("<f4").tofile(path)


def rate_at(progress):
    if progress < WARM_UP:
        return PEAK * progress / WARM_UP
    return PEAK / 2 * (1 + math.cos(math.pi * min(1, (progress - WARM_UP) / (1 - WARM_UP))))


layout = faster_layout()
torch.manual_seed(job["seed"])
random = np.random.default_rng(job["seed"])
net, optimizer = fresh(layout)
best = None


def validate(steps, seconds, loss, last):
    """Asks whether the weights are the best so far, and keeps them if so."""
    global best
    write_maps(net, layout, job["choose"], job["chooseMaps"])
    say(event="validate", step=steps, seconds=seconds, loss=loss, last=last)
    if json.loads(sys.stdin.readline())["keep"]:
        best = {name: value.clone() for name, value in net.state_dict().items()}


budget, steps, seconds, told = job["budget"], 0, 0.0, 0.0
length = budget[budget["kind"]]
losses = []


def done():
    """Share of the budget that is used up."""
    return (steps if budget["kind"] == "steps" else seconds) / length


while done() < 1:
    began = time.perf_counter()
    losses.append(step(net, optimizer, layout, rate_at(done())))
    seconds += time.perf_counter() - began
    steps += 1
    if seconds - told > 3:
        told = seconds
        print(f"PyTorch: loss {losses[-1]:.3f}, step {steps}, {done():.0%}", file=sys.stderr)
    if steps % job["validateEvery"] == 0 and done() < 1:
        validate(steps, seconds, float(np.mean(losses[-20:])), False)
validate(steps, seconds, float(np.mean(losses[-20:])), True)
net.load_state_dict(best)
write_maps(net, layout, job["choose"], job["chooseMaps"])
write_maps(net, layout, job["score"], job["scoreMaps"])
say(event="done", steps=steps, seconds=seconds, torch=torch.__version__)
