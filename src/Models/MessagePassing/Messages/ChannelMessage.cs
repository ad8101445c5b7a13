namespace GpuNets.Models;

/// <summary>
/// Messages along and against the edges with functions of their own, m_v = [m_in, m_out] + b with one bias for both, as the authors have it.
/// Parameters <c>in</c>, <c>out</c>, <c>bias</c> [2 size].
/// </summary>
public sealed class ChannelMessage : Module, IMessageFunction
{
    private readonly IMessageFunction _in;
    private readonly IMessageFunction? _out;

    /// <summary>Makes the functions and the bias.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="make">Makes one function.</param>
    /// <param name="two">With messages against the edges.</param>
    /// <param name="bias">With b.</param>
    public ChannelMessage(Vars vars, Func<Vars, IMessageFunction> make, bool two = true, bool bias = true) : base(vars)
    {
        _in = make(vars["in"]);
        _out = two ? make(vars["out"]) : null;
        Size = _in.Size + (_out?.Size ?? 0);
        Bias = bias ? vars.Parameter("bias", Size, Init.XavierUniform()) : null;
    }

    /// <summary>b: [Size]; null if there is none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var along = _in.Open(edges);
        var against = _out?.Open(edges.Input.Directed ? new EdgeStates(edges.Input.Reverse()) : edges);
        return states =>
        {
            var messages = against is null ? along(states) : Tensor.Concatenate(1, along(states), against(states));
            return Bias is null ? messages : messages + Bias;
        };
    }

    /// <inheritdoc/>
    protected override string Describe() => $"ChannelMessage({Size})";
}
