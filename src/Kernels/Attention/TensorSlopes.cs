using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// What backward reads of each query: the exponent that its weights are divided by, and the sum of dO o. Both from one pass over the
/// output, [pair][padded queries][2]; queries beyond the last have weight 0.
/// </summary>
internal struct TensorStatistics : IRowKernel
{
    private const float Log2E = 1.44269504f;

    public ArrayView<float> Output, OutputGradient, Softmax, Statistics;
    public AttentionPlace OutputPlace, GradientPlace;
    public int Size, Heads, Queries, Rows;

    /// <summary>Floats of the buffer.</summary>
    public static int Floats(in AttentionSize size) => checked(2 * size.Pairs * TensorOperand.Padded(size.Queries));

    public static void Launch(in AttentionSize size, in AttentionOperand output, in AttentionOperand outputGradient, DeviceBuffer softmax, DeviceBuffer statistics)
    {
        int rows = TensorOperand.Padded(size.Queries);
        statistics.Device.ForRows(
            new TensorStatistics
            {
                Output = output.Buffer.Floats,
                OutputGradient = outputGradient.Buffer.Floats,
                Softmax = softmax.Floats,
                Statistics = statistics.Floats,
                OutputPlace = new(output),
                GradientPlace = new(outputGradient),
                Size = size.ValueSize,
                Heads = size.Heads,
                Queries = size.Queries,
                Rows = rows,
            },
            size.Pairs * rows, size.ValueSize);
    }

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int pair = row / Rows, t = row % Rows, sample = pair / Heads, head = pair % Heads;
        float shift = float.PositiveInfinity, delta = 0f;
        if (t < Queries)
        {
            delta = TTeam.Sum(Size, new ProductMap
            {
                X = Output.Ptr() + OutputPlace.Row(sample, head, t),
                Y = OutputGradient.Ptr() + GradientPlace.Row(sample, head, t),
            });
            float* kept = Softmax.Ptr() + 2 * (pair * Queries + t);
            // p = 2^(score log2(e)) / 2^shift. Its error grows with the score, by 2^-23 of it; that of the score itself is 2^-8.
            shift = (kept[0] - LaneMath.Log(new Scalar(kept[1])).Value) * Log2E;
        }
        if (TTeam.Rank != 0) return;
        float* to = Statistics.Ptr() + 2 * row;
        to[0] = shift;
        to[1] = delta;
    }
}

/// <summary>Gradients of scores in a strip.</summary>
internal static class TensorSlopes
{
    /// <summary>p (d - delta), where rows are queries.</summary>
    public static TensorStrip Rows(TensorStrip p, TensorStrip d, float delta, float delta8) => new()
    {
        A = Rows(p.A, d.A, delta, delta8),
        B = Rows(p.B, d.B, delta, delta8),
        C = Rows(p.C, d.C, delta, delta8),
        D = Rows(p.D, d.D, delta, delta8),
    };

    /// <summary>The statistics of the lane's columns, where columns are queries; those of two neighbours per tile.</summary>
    /// <param name="statistics">The statistics, two queries each.</param>
    /// <param name="row">The strip's first query among all padded ones.</param>
    public static TensorStrip Load(ArrayView<Float4> statistics, int row)
    {
        int at = row / 2 + (TensorRows.Lane & 3);
        return new() { A = statistics[at], B = statistics[at + 4], C = statistics[at + 8], D = statistics[at + 12] };
    }

    /// <summary>Weights where columns are queries.</summary>
    public static TensorStrip Weights(TensorStrip x, float exponent, TensorStrip statistics) => new()
    {
        A = Weights(x.A, exponent, statistics.A),
        B = Weights(x.B, exponent, statistics.B),
        C = Weights(x.C, exponent, statistics.C),
        D = Weights(x.D, exponent, statistics.D),
    };

    /// <summary>p (d - delta), where columns are queries.</summary>
    public static TensorStrip Columns(TensorStrip p, TensorStrip d, TensorStrip statistics) => new()
    {
        A = Columns(p.A, d.A, statistics.A),
        B = Columns(p.B, d.B, statistics.B),
        C = Columns(p.C, d.C, statistics.C),
        D = Columns(p.D, d.D, statistics.D),
    };

    private static Float4 Rows(Float4 p, Float4 d, float delta, float delta8) =>
        new() { X = p.X * (d.X - delta), Y = p.Y * (d.Y - delta), Z = p.Z * (d.Z - delta8), W = p.W * (d.W - delta8) };

    private static Float4 Weights(Float4 x, float exponent, Float4 statistics) => new()
    {
        X = TensorSoftmax.Weight(x.X, exponent, statistics.X),
        Y = TensorSoftmax.Weight(x.Y, exponent, statistics.Z),
        Z = TensorSoftmax.Weight(x.Z, exponent, statistics.X),
        W = TensorSoftmax.Weight(x.W, exponent, statistics.Z),
    };

    private static Float4 Columns(Float4 p, Float4 d, Float4 statistics) => new()
    {
        X = p.X * (d.X - statistics.Y),
        Y = p.Y * (d.Y - statistics.W),
        Z = p.Z * (d.Z - statistics.Y),
        W = p.W * (d.W - statistics.W),
    };
}
