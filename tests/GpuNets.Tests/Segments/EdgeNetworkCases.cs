using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Segments;

/// <summary>Messages with a matrix per edge, with matrices linear in edge features, and with a matrix per label.</summary>
internal sealed class EdgeNetworkCases : IOpCases
{
    private static readonly int[] s_labels = [0, 2, 2, 1, 0, 0, 1, 1, 2, 1, 0];

    public IEnumerable<OpCase> Cases =>
    [
        Matrices(3, 2),
        Matrices(5, 5),
        Matrices(35, 19),
        Linear(3, 2, 2, bias: true),
        Linear(4, 4, 3, bias: false),
        Linear(17, 5, 33, bias: true),
        Label(3, 2, 1),
        Label(3, 2, 5),
        Label(19, 33, 1),
        Label(19, 33, 5),
    ];

    private static int Edges => SampleGraphs.Sources.Length;

    private static OpCase Matrices(int inputs, int outputs) => new(
        $"edge matrices {inputs} to {outputs}", [OpInput.Normal(SampleGraphs.Nodes, inputs), OpInput.Normal(Edges, outputs, inputs)],
        x => x[0].EdgeMatrices(SampleGraphs.On(x[0].Device), x[1]), x => Messages(x[0], outputs, (e, i, j) => x[1][e, i, j]))
    { Cancels = true };

    private static OpCase Linear(int inputs, int outputs, int size, bool bias)
    {
        List<OpInput> operands = [OpInput.Normal(SampleGraphs.Nodes, inputs), OpInput.Normal(Edges, size), OpInput.Normal(outputs * inputs, size)];
        if (bias) operands.Add(OpInput.Normal(outputs * inputs));
        return new OpCase(
            $"edge linear {inputs} to {outputs}, {size} features", [.. operands],
            x => x[0].EdgeLinear(SampleGraphs.On(x[0].Device), x[1], x[2], x.ElementAtOrDefault(3)),
            x => Messages(x[0], outputs, (e, i, j) =>
            {
                Real a = bias ? x[3][i * inputs + j] : 0;
                for (int c = 0; c < size; c++) a += x[2][i * inputs + j, c] * x[1][e, c];
                return a;
            }))
        { Cancels = true };
    }

    // With one label the messages of a node are summed up first, with more each is made.
    private static OpCase Label(int inputs, int outputs, int count)
    {
        int[] labels = [.. s_labels.Select(label => label % count)];
        return new(
            $"label matrices {inputs} to {outputs}, {count} labels", [OpInput.Normal(SampleGraphs.Nodes, inputs), OpInput.Normal(count, outputs, inputs)],
            x => x[0].LabelMatrices(SampleGraphs.On(x[0].Device).Label(labels, count), x[1]), x => Messages(x[0], outputs, (e, i, j) => x[1][labels[e], i, j]))
        { Cancels = true };
    }

    private static NdArray Messages(NdArray x, int outputs, Func<int, int, int, Real> matrix)
    {
        int inputs = x.Shape[1];
        var y = new NdArray([SampleGraphs.Nodes, outputs]);
        for (int e = 0; e < Edges; e++)
            for (int i = 0; i < outputs; i++)
                for (int j = 0; j < inputs; j++) y[SampleGraphs.Targets[e], i] += matrix(e, i, j) * x[SampleGraphs.Sources[e], j];
        return y;
    }
}
