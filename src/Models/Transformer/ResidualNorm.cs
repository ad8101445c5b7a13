namespace GpuNets.Models;

/// <summary>
/// The connection around a sub-layer f: LayerNorm(x + dropout(f(x))), or x + dropout(f(LayerNorm(x))) with <see cref="NormPlacement.Pre"/>.
/// </summary>
/// <param name="vars">Where the norm's parameters go.</param>
/// <param name="options">Placement, dropout, epsilon.</param>
internal sealed class ResidualNorm(Vars vars, TransformerOptions options)
{
    private readonly LayerNorm _norm = TransformerParts.Norm(vars, options);

    /// <summary>What the sub-layer sees.</summary>
    public Tensor Before(Tensor x) => options.Norm == NormPlacement.Pre ? _norm.Forward(x) : x;

    /// <param name="x">[batch, time, size].</param>
    /// <param name="layer">f; without dropout it adds the residual that it is given, for its last product does it on its way out.</param>
    public Tensor Apply(Tensor x, Func<Tensor, Tensor?, Tensor> layer)
    {
        bool drops = options.Dropout > 0 && Tape.Of(x.Device) is not null;
        var y = drops ? x + layer(Before(x), null).Dropout(options.Dropout, vars.Random) : layer(Before(x), x);
        return options.Norm == NormPlacement.Pre ? y : _norm.Forward(y);
    }
}
