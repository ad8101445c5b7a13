namespace GpuNets.Peers;

/// <summary>All cases.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<PeerCase> Cases { get; } =
    [
        .. TrainingCases.All,
        .. DilatedCases.All,
        .. TransformerCases.All,
        .. MessagePassingCases.All,
        .. LargeCases.All,
        .. GemmCases.All,
        .. ConvCases.All,
        .. RecurrentCases.All,
        .. AttentionCases.All, .. NormalizationCases.All,
        .. GraphCases.All,
        .. PairSumCases.All,
        .. EdgeNetworkCases.All,
        .. GroupedCases.All,
        .. SelectionCases.All,
    ];
}
