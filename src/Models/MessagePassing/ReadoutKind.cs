namespace GpuNets.Models;

/// <summary>Readouts R.</summary>
public enum ReadoutKind
{
    /// <summary>Gated sum over nodes (<see cref="GatedSumReadout"/>).</summary>
    GatedSum,

    /// <summary>set2set (<see cref="SetToSetReadout"/>).</summary>
    SetToSet,

    /// <summary>Softmax of all layers (<see cref="LayerSoftmaxReadout"/>).</summary>
    LayerSoftmax,

    /// <summary>A network of the sum of states (<see cref="SumReadout"/>).</summary>
    Sum,

    /// <summary>The sum of a network of each state.</summary>
    NodeSum,

    /// <summary>Fuzzy histograms (<see cref="HistogramReadout"/>).</summary>
    Histogram,
}
