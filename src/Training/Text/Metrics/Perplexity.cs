namespace GpuNets.Training;

/// <summary>
/// Perplexity per token over many batches: exp of the summed negative log-likelihood over the number of tokens. Losses must be without label
/// smoothing.
/// </summary>
public sealed class Perplexity
{
    private double _sum;

    /// <summary>Tokens counted so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Mean negative log-likelihood of a token, in nats; NaN before the first.</summary>
    public double Loss => Tokens == 0 ? double.NaN : _sum / Tokens;

    /// <summary>exp of <see cref="Loss"/>; NaN before the first token.</summary>
    public double Value => Math.Exp(Loss);

    /// <summary>Counts a batch.</summary>
    /// <param name="meanLoss">Mean negative log-likelihood of its tokens, in nats.</param>
    /// <param name="tokens">Tokens of the batch, padding not counted; a batch of none changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of tokens.</exception>
    public void Add(double meanLoss, long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        if (tokens == 0) return;
        _sum += meanLoss * tokens;
        Tokens += tokens;
    }

    /// <summary>Starts over.</summary>
    public void Clear() => (_sum, Tokens) = (0, 0);

    /// <inheritdoc/>
    public override string ToString() => $"perplexity {Value:G5} over {Tokens} tokens";
}
