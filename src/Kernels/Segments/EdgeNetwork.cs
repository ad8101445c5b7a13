namespace GpuNets.Kernels;

/// <summary>Launches messages of edge networks: a matrix per edge, or sums of outer products for a linear network.</summary>
internal static class EdgeNetwork
{
    /// <summary>y[v] = sum of A[e] x[source] over the edges e into v; A is [edges, out, in].</summary>
    public static void Forward(DeviceBuffer x, DeviceBuffer matrices, SegmentLists incoming, DeviceBuffer y, int inputs, int outputs)
    {
        if (y.Length == 0) return;
        y.Device.ForRows(
            new EdgeMatrixForward
            {
                X = x.Floats,
                Matrices = matrices.Floats,
                Y = y.Floats,
                Starts = incoming.Starts.Ints,
                Rows = incoming.Rows.Ints,
                Edges = incoming.Edges.Ints,
                In = inputs,
                Out = outputs,
            },
            incoming.Count, inputs, 20f + 0.5f * inputs * outputs * incoming.Entries / incoming.Count);
    }

    /// <summary>dx[u] (+)= sum of A[e]^T dy[target] over the edges that leave u.</summary>
    public static void States(DeviceBuffer dy, DeviceBuffer matrices, SegmentLists outgoing, DeviceBuffer dx, int inputs, int outputs, bool accumulate)
    {
        if (dx.Length == 0) return;
        if (accumulate) States<Accumulate>(dy, matrices, outgoing, dx, inputs, outputs);
        else States<Write>(dy, matrices, outgoing, dx, inputs, outputs);
    }

    /// <summary>dA[e] (+)= dy[target] x[source]^T.</summary>
    public static void Matrices(
        DeviceBuffer x, DeviceBuffer dy, DeviceBuffer sources, DeviceBuffer targets, DeviceBuffer dmatrices, int inputs, int outputs, bool accumulate)
    {
        if (dmatrices.Length == 0) return;
        if (accumulate) Matrices<Accumulate>(x, dy, sources, targets, dmatrices, inputs, outputs);
        else Matrices<Write>(x, dy, sources, targets, dmatrices, inputs, outputs);
    }

    /// <summary>s[v] = sum of the outer products x[source] f[e] over the edges e into v: [nodes, in, features].</summary>
    public static void Moments(DeviceBuffer x, DeviceBuffer features, SegmentLists incoming, DeviceBuffer s, int inputs, int columns)
    {
        if (s.Length == 0) return;
        s.Device.ForRows(
            new EdgeMomentsForward
            {
                X = x.Floats,
                F = features.Floats,
                S = s.Floats,
                Starts = incoming.Starts.Ints,
                Rows = incoming.Rows.Ints,
                Edges = incoming.Edges.Ints,
                In = new StridedAxis(inputs, 0, 0),
                Features = columns,
            },
            incoming.Count * inputs, columns, Cost(incoming, columns));
    }

    /// <summary>dx[u] (+)= sum of ds[target] f[e] over the edges that leave u.</summary>
    public static void MomentStates(DeviceBuffer ds, DeviceBuffer features, SegmentLists outgoing, DeviceBuffer dx, int inputs, int columns, bool accumulate)
    {
        if (dx.Length == 0) return;
        dx.Device.ForRows(
            new EdgeMomentsStates
            {
                DS = ds.Floats,
                F = features.Floats,
                DX = dx.Floats,
                Starts = outgoing.Starts.Ints,
                Rows = outgoing.Rows.Ints,
                Edges = outgoing.Edges.Ints,
                In = new StridedAxis(inputs, 0, 0),
                Features = columns,
                Accumulate = accumulate ? 1 : 0,
            },
            outgoing.Count * inputs, columns, Cost(outgoing, columns));
    }

    /// <summary>df[e] (+)= x[source]^T ds[target].</summary>
    public static void MomentFeatures(
        DeviceBuffer x, DeviceBuffer ds, DeviceBuffer sources, DeviceBuffer targets, DeviceBuffer df, int inputs, int columns, bool accumulate)
    {
        if (df.Length == 0) return;
        if (accumulate) MomentFeatures<Accumulate>(x, ds, sources, targets, df, inputs, columns);
        else MomentFeatures<Write>(x, ds, sources, targets, df, inputs, columns);
    }

    private static void States<TStore>(DeviceBuffer dy, DeviceBuffer matrices, SegmentLists outgoing, DeviceBuffer dx, int inputs, int outputs)
        where TStore : struct, IStore =>
        dx.Device.ForRows(
            new EdgeMatrixBackward<TStore>
            {
                DY = dy.Floats,
                Matrices = matrices.Floats,
                DX = dx.Floats,
                Starts = outgoing.Starts.Ints,
                Rows = outgoing.Rows.Ints,
                Edges = outgoing.Edges.Ints,
                In = inputs,
                Out = outputs,
            },
            outgoing.Count, inputs, 20f + 0.5f * inputs * outputs * outgoing.Entries / outgoing.Count);

    private static void Matrices<TStore>(
        DeviceBuffer x, DeviceBuffer dy, DeviceBuffer sources, DeviceBuffer targets, DeviceBuffer dmatrices, int inputs, int outputs)
        where TStore : struct, IStore =>
        dmatrices.Device.ForRows(
            new EdgeMatrixOuter<TStore>
            {
                X = x.Floats,
                DY = dy.Floats,
                DMatrices = dmatrices.Floats,
                Sources = sources.Ints,
                Targets = targets.Ints,
                Out = new StridedAxis(outputs, 0, 0),
                In = inputs,
            },
            sources.Length * outputs, inputs, 10f + 0.2f * inputs);

    private static void MomentFeatures<TStore>(
        DeviceBuffer x, DeviceBuffer ds, DeviceBuffer sources, DeviceBuffer targets, DeviceBuffer df, int inputs, int columns)
        where TStore : struct, IStore =>
        df.Device.ForRows(
            new EdgeMomentsFeatures<TStore>
            {
                X = x.Floats,
                DS = ds.Floats,
                DF = df.Floats,
                Sources = sources.Ints,
                Targets = targets.Ints,
                In = inputs,
                Features = columns,
            },
            sources.Length, columns, 20f + 0.2f * inputs * columns);

    private static float Cost(SegmentLists lists, int columns) => 10f + (5f + 0.2f * columns) * lists.Entries / lists.Count;
}
