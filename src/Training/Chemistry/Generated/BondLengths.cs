namespace GpuNets.Training;

/// <summary>Standard lengths of bonds between H, C, N, O and F, in Angstrom.</summary>
internal static class BondLengths
{
    /// <summary>The length of a single or double bond.</summary>
    public static double Of(Element first, Element second, BondKind kind)
    {
        var (a, b) = first.Number < second.Number ? (first.Symbol, second.Symbol) : (second.Symbol, first.Symbol);
        return (a + (kind == BondKind.Double ? "=" : "-") + b) switch
        {
            "H-C" => 1.09,
            "H-N" => 1.01,
            "H-O" => 0.96,
            "C-C" => 1.54,
            "C-N" => 1.47,
            "C-O" => 1.43,
            "C-F" => 1.35,
            "N-N" => 1.45,
            "N-O" => 1.40,
            "N-F" => 1.36,
            "O-O" => 1.48,
            "O-F" => 1.42,
            "F-F" => 1.42,
            "C=C" => 1.34,
            "C=N" => 1.28,
            "C=O" => 1.21,
            var other => throw new ArgumentException($"BondLengths: there is no length of {other}."),
        };
    }
}
