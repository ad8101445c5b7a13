namespace GpuNets.Tests.Segments;

/// <summary>A batch of three graphs: one with an isolated node, a self loop and a double edge, one without edges, one with a hub.</summary>
internal static class SampleGraphs
{
    public const int Nodes = 11;

    private static readonly EdgeList[] s_graphs =
    [
        new(4, [0, 1, 1, 3, 0, 0], [1, 0, 1, 0, 1, 3]),
        new(2, [], []),
        new(5, [1, 2, 3, 4, 0], [0, 0, 0, 0, 2]),
    ];

    /// <summary>Ends of all edges in the numbering of the batch.</summary>
    public static int[] Sources { get; } = [0, 1, 1, 3, 0, 0, 7, 8, 9, 10, 6];

    public static int[] Targets { get; } = [1, 0, 1, 0, 1, 3, 6, 6, 6, 6, 8];

    public static GraphBatch On(Device device) => device.Graphs(s_graphs);
}
