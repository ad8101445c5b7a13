namespace GpuNets.Kernels;

/// <summary>Weights of edges: none, [edges, groups] with one number for a group of neighbouring columns, or [edges, columns].</summary>
/// <param name="Values">The numbers; null for none.</param>
/// <param name="Groups">Groups of columns that share a weight; 1 without weights and with a weight per column.</param>
/// <param name="PerColumn">A weight per column.</param>
internal readonly record struct EdgeWeight(DeviceBuffer? Values, int Groups, bool PerColumn)
{
    public static EdgeWeight None => new(null, 1, false);
}
