namespace GpuNets.Training;

/// <summary>Two symbols that become one.</summary>
internal readonly record struct BpeMerge(BpeSymbol Left, BpeSymbol Right)
{
    /// <summary>What they become.</summary>
    /// <exception cref="ArgumentException">The end of the word would read like a token that goes on, or the word ends before its right symbol.</exception>
    public BpeSymbol Result => !Left.Ends && BpeSymbol.Merge(Left, Right) is { } result
        ? result
        : throw new ArgumentException($"the merge of \"{Left.Code}\" and \"{Right.Code}\" cannot be used: " + (Left.Ends
            ? "the left one ends its word."
            : $"a token that ends its word must not end with {BpeSymbol.Continued}."));
}
