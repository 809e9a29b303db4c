"""A network description of ours as a PyTorch module."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class ChannelRms(nn.Module):
    """Divides by the root mean square over the channels of a pixel, then scales per channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        mean_square = x.square().mean(1, keepdim=True)
        return x * torch.rsqrt(mean_square + 1e-5) * self.weight[:, None, None]


def module_of(layer):
    """The module that holds the layer's weights; None for a layer without any."""
    kind = layer["kind"]
    if kind == "convolution":
        kernel = layer["kernel"]
        return nn.Conv2d(
            layer["inputChannels"],
            layer["outputChannels"],
            kernel,
            padding=kernel // 2,
            bias=layer.get("bias", True),
        )
    if kind == "group-norm":
        return nn.GroupNorm(layer["groups"], layer["channels"])
    if kind == "channel-rms":
        return ChannelRms(layer["channels"])
    return None


def key_of(name):
    """Module names may not hold dots."""
    return name.replace(".", "_")


class Net(nn.Module):
    """Runs the layers of the description in order; gives the logits."""

    def __init__(self, network):
        super().__init__()
        self.layers = network["layers"]
        self.output = network.get("output", "sigmoid")
        if self.output not in ("sigmoid", "softmax"):
            raise ValueError(f"no such output here: {self.output}")
        self.modules_by_name = nn.ModuleDict()
        for layer in self.layers:
            module = module_of(layer)
            if module is not None:
                self.modules_by_name[key_of(layer["name"])] = module

    def forward(self, image):
        values = {"image": image}
        for layer in self.layers:
            kind, name = layer["kind"], layer["name"]
            inputs = [values[i] for i in layer.get("inputs", [layer.get("input")])]
            key = key_of(name)
            if key in self.modules_by_name:
                values[name] = self.modules_by_name[key](inputs[0])
            elif kind == "relu":
                values[name] = F.relu(inputs[0])
            elif kind == "add":
                values[name] = inputs[0] + inputs[1]
            elif kind == "max-pool":
                values[name] = F.max_pool2d(inputs[0], 2)
            elif kind == "upsample":
                values[name] = F.interpolate(inputs[0], scale_factor=2, mode="nearest")
            elif kind == "concatenate":
                values[name] = torch.cat(inputs, 1)
            else:
                raise ValueError(f"no such layer here: {kind}")
        return values[self.layers[-1]["name"]]

    def probability(self, logits):
        return torch.softmax(logits, 1) if self.output == "softmax" else torch.sigmoid(logits)

    @torch.no_grad()
    def load(self, flat, parameters):
        """Takes weights in our canonical order; `parameters` lists {name, layer, shape, offset, length}."""
        parts = {"weight": "weight", "bias": "bias", "scale": "weight", "shift": "bias"}
        filled = set()
        for parameter in parameters:
            part = parts[parameter["name"].rsplit(".", 1)[1]]
            own = getattr(self.modules_by_name[key_of(parameter["layer"])], part)
            start = parameter["offset"]
            values = np.ascontiguousarray(flat[start : start + parameter["length"]])
            own.copy_(torch.from_numpy(values).reshape(own.shape))
            filled.add(id(own))
        absent = [name for name, own in self.named_parameters() if id(own) not in filled]
        if absent:
            raise ValueError(f"no weights for {absent}")
