using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>
/// The Neural Turing Machine with LSTM controller, one read and one write head, in plain TorchSharp: vectorised over batch and heads.
/// Both heads address the memory of the step before, the read head reads it, then the write head erases and adds.
/// </summary>
internal sealed class TorchNtm : nn.Module<Tensor, Tensor>
{
    private const int Heads = 2;   // the read head, then the write head
    private const int Shifts = 3;  // -1, 0, +1
    private readonly int _rows, _width, _controllerSize;
    private readonly LSTMCell controller;
    private readonly Linear heads, output;
    private readonly Parameter read0, weights0;

    public TorchNtm(int inputs, int outputs, int controllerSize, int rows, int width) : base(nameof(TorchNtm))
    {
        (_rows, _width, _controllerSize) = (rows, width, controllerSize);
        controller = nn.LSTMCell(inputs + width, controllerSize);
        heads = nn.Linear(controllerSize, Heads * (width + Shifts + 3) + 2 * width);
        output = nn.Linear(controllerSize + width, outputs);
        read0 = new Parameter(zeros(1, width));
        weights0 = new Parameter(zeros(Heads, rows));
        RegisterComponents();
    }

    /// <summary>Inputs [time, batch, inputs] to logits [time, batch, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        long batch = input.shape[1];
        var memory = full([batch, _rows, _width], 1e-6f);                      // [batch, rows, width]
        var read = read0.tanh().expand(batch, _width);                         // [batch, width]
        var weights = weights0.softmax(-1).expand(batch, Heads, _rows);        // [batch, heads, rows]
        var state = (h: zeros(batch, _controllerSize), c: zeros(batch, _controllerSize));
        var seen = new List<Tensor>();
        foreach (var x in input.unbind(0))
        {
            state = controller.call(cat([x, read], 1), state);
            var parameters = heads.call(state.h).clamp(-20, 20);
            int addressing = Heads * (_width + Shifts + 3);
            weights = Address(parameters.narrow(1, 0, addressing).view(batch, Heads, -1), memory, weights);
            read = weights.narrow(1, 0, 1).matmul(memory).squeeze(1);
            var written = weights.narrow(1, 1, 1).transpose(1, 2);             // [batch, rows, 1]
            var erase = parameters.narrow(1, addressing, _width).sigmoid().unsqueeze(1);
            var add = parameters.narrow(1, addressing + _width, _width).tanh().unsqueeze(1);
            memory = memory * (1 - written * erase) + written * add;
            seen.Add(cat([state.h, read], 1));
        }
        return output.call(stack(seen));
    }

    // Equations 5 to 9 of the paper for all heads at once: parameters [batch, heads, width + 6] to weightings [batch, heads, rows].
    private Tensor Address(Tensor parameters, Tensor memory, Tensor previous)
    {
        var key = parameters.narrow(2, 0, _width).tanh();
        var strength = nn.functional.softplus(parameters.narrow(2, _width, 1));
        var gate = parameters.narrow(2, _width + 1, 1).sigmoid();
        var shift = parameters.narrow(2, _width + 2, Shifts).softmax(-1);
        var sharpening = 1 + nn.functional.softplus(parameters.narrow(2, _width + 2 + Shifts, 1));

        var lengths = key.norm(dim: 2, keepdim: true) * memory.norm(dim: 2).unsqueeze(1);
        var similarity = key.matmul(memory.transpose(1, 2)) / (lengths + 1e-8f);
        var content = (strength * similarity).softmax(-1);
        var gated = previous.lerp(content, gate);
        var shifted = shift.narrow(2, 0, 1) * gated.roll(-1, 2) + shift.narrow(2, 1, 1) * gated + shift.narrow(2, 2, 1) * gated.roll(1, 2);
        var sharp = shifted.pow(sharpening);
        return sharp / (sharp.sum(-1, keepdim: true) + 1e-16f);
    }
}
