namespace GpuNets.Models;

/// <summary>FFN(x) = f(x W1 + b1) W2 + b2 (section 3.3), with dropout between; <c>fc1</c> and <c>fc2</c> of a layer.</summary>
internal sealed class FeedForward
{
    private readonly Linear _inner, _outer;
    private readonly float _dropout;
    private readonly bool _swish;
    private readonly RandomSource _random;

    public FeedForward(Vars vars, TransformerOptions options)
    {
        _swish = options.Activation == FeedForwardActivation.Swish;
        var settings = new LinearOptions
        {
            Activation = options.Activation switch
            {
                FeedForwardActivation.Relu => Activation.Relu,
                FeedForwardActivation.Gelu => Activation.Gelu,
                _ => Activation.Identity,
            },
            WeightInitializer = Init.XavierUniform(),
            BiasInitializer = Init.Zeros,
        };
        _inner = new Linear(vars["fc1"], options.Size, options.HiddenSize, settings);
        _outer = new Linear(vars["fc2"], options.HiddenSize, options.Size, settings with { Activation = Activation.Identity });
        (_dropout, _random) = (options.ActivationDropout, vars.Random);
    }

    /// <summary>[batch, time, size], with a residual added by the last product.</summary>
    public Tensor Forward(Tensor x, Tensor? residual)
    {
        var hidden = _inner.Forward(x);
        if (_swish) hidden = hidden.Silu();
        hidden = hidden.Dropout(_dropout, _random);
        return residual is null ? _outer.Forward(hidden) : _outer.Forward(hidden, residual);
    }
}
