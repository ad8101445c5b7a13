namespace GpuNets;

/// <summary>State of LSTM layers between two steps.</summary>
/// <param name="Hidden">h: [layers * directions, batch, units] for <see cref="Lstm"/>, [batch, units] for <see cref="LstmCell"/>.</param>
/// <param name="Cell">c, of the same shape.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell)
{
    /// <summary>The same state, cut off from the tape: where truncated backpropagation through time stops.</summary>
    public LstmState Detach() => new(Hidden.Detach(), Cell.Detach());
}
