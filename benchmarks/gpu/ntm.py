"""The Neural Turing Machine of the paper's copy task in plain PyTorch, vectorised over batch and heads: the peer of NeuralTuringMachine."""
import torch
import torch.nn.functional as F


class CopyNtm(torch.nn.Module):
    """LSTM controller of 100 units, memory [128, 20], one read and one write head; vectors of 8 bits and a delimiter."""

    CONTROLLER, ROWS, WIDTH, BITS, SHIFTS, HEADS = 100, 128, 20, 8, 3, 2

    def __init__(self, batch, length, device):
        super().__init__()
        width, bits = self.WIDTH, self.BITS
        self.controller = torch.nn.LSTMCell(bits + 1 + width, self.CONTROLLER)
        self.heads = torch.nn.Linear(self.CONTROLLER, self.HEADS * (width + self.SHIFTS + 3) + 2 * width)
        self.output = torch.nn.Linear(self.CONTROLLER + width, bits)
        self.read0 = torch.nn.Parameter(0.1 * torch.randn(1, width))
        self.weights0 = torch.nn.Parameter(0.5 * torch.randn(self.HEADS, self.ROWS))
        self.to(device)
        self.targets = (torch.rand(length, batch, bits, device=device) < 0.5).float()
        self.inputs = torch.zeros(2 * length + 1, batch, bits + 1, device=device)
        self.inputs[:length, :, :bits] = self.targets
        self.inputs[length, :, bits] = 1

    def loss(self):
        length, batch = self.targets.shape[:2]
        memory = torch.full([batch, self.ROWS, self.WIDTH], 1e-6, device=self.inputs.device)
        read = self.read0.tanh().expand(batch, self.WIDTH)
        weights = self.weights0.softmax(-1).expand(batch, self.HEADS, self.ROWS)
        h = c = torch.zeros(batch, self.CONTROLLER, device=self.inputs.device)
        seen, addressing = [], self.HEADS * (self.WIDTH + self.SHIFTS + 3)
        for x in self.inputs.unbind(0):
            h, c = self.controller(torch.cat([x, read], 1), (h, c))
            parameters = self.heads(h).clamp(-20, 20)
            weights = self.address(parameters[:, :addressing].view(batch, self.HEADS, -1), memory, weights)
            read = (weights[:, :1] @ memory).squeeze(1)
            written = weights[:, 1:].transpose(1, 2)
            erase = parameters[:, addressing:addressing + self.WIDTH].sigmoid().unsqueeze(1)
            add = parameters[:, addressing + self.WIDTH:].tanh().unsqueeze(1)
            memory = memory * (1 - written * erase) + written * add
            seen.append(torch.cat([h, read], 1))
        logits = self.output(torch.stack(seen[length + 1:]))
        return F.binary_cross_entropy_with_logits(logits, self.targets, reduction="sum") / batch

    def address(self, parameters, memory, previous):
        """Equations 5 to 9 of the paper."""
        width, shifts = self.WIDTH, self.SHIFTS
        key, strength = parameters[..., :width].tanh(), F.softplus(parameters[..., width:width + 1])
        gate, shift = parameters[..., width + 1:width + 2].sigmoid(), parameters[..., width + 2:width + 2 + shifts].softmax(-1)
        sharpening = 1 + F.softplus(parameters[..., width + 2 + shifts:])
        lengths = key.norm(dim=2, keepdim=True) * memory.norm(dim=2).unsqueeze(1)
        content = (strength * (key @ memory.transpose(1, 2)) / (lengths + 1e-8)).softmax(-1)
        gated = previous.lerp(content, gate)
        shifted = shift[..., :1] * gated.roll(-1, 2) + shift[..., 1:2] * gated + shift[..., 2:] * gated.roll(1, 2)
        sharp = shifted.pow(sharpening)
        return sharp / (sharp.sum(-1, keepdim=True) + 1e-16)
