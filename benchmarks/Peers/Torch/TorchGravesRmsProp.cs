using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>RMSProp as in Graves 2013 (centred, with momentum), after clipping each component of the gradients.</summary>
internal sealed class TorchGravesRmsProp(IEnumerable<Parameter> parameters, float learningRate, float limit) : OptimizerHelper
{
    private readonly (Parameter Value, Tensor Squares, Tensor Mean, Tensor Delta)[] _states =
        [.. parameters.Select(value => (value, zeros_like(value), zeros_like(value), zeros_like(value)))];

    public override void zero_grad()
    {
        foreach (var state in _states) state.Value.grad?.zero_();
    }

    public override Tensor step(Func<Tensor>? closure = null)
    {
        using var _ = no_grad();
        foreach (var (value, squares, mean, delta) in _states)
        {
            var gradient = value.grad!.clamp_(-limit, limit);
            squares.mul_(0.95f).addcmul_(gradient, gradient, 0.05f);
            mean.mul_(0.95f).add_(gradient, 0.05f);
            delta.mul_(0.9f).addcdiv_(gradient, (squares - mean * mean + 1e-4f).sqrt_(), -learningRate);
            value.add_(delta);
        }
        return null!;   // as TorchSharp's optimisers do without a closure
    }
}
