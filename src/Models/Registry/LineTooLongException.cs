namespace GpuNets.Models;

/// <summary>A line of text has more tokens than a model takes.</summary>
/// <param name="line">Number of the line, from 0.</param>
/// <param name="tokens">Its tokens.</param>
/// <param name="limit">Most tokens of the model.</param>
public sealed class LineTooLongException(int line, int tokens, int limit)
    : ArgumentException($"Line {line + 1} has {tokens} tokens, but the model takes {limit} at most; split it.")
{
    /// <summary>Number of the line, from 0.</summary>
    public int Line { get; } = line;
}
