namespace GpuNets.Models;

/// <summary>In which order an edge network's messages A(e) h_w are computed; the results are the same up to rounding.</summary>
public enum EdgeOrder
{
    /// <summary>The one with less work for the graphs at hand; <see cref="Moments"/> if all matrices would take more than 256 MB.</summary>
    Automatic,

    /// <summary>States times last hidden layer summed up per node, then one matrix product: no matrix per edge exists.</summary>
    Moments,

    /// <summary>All matrices A(e) first, [edges, size, d], once for all steps; then each times its state.</summary>
    Matrices,
}
