using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Rows of the batch that a group takes through the sequence: few for speed of a step, more where there are many rows.</summary>
internal interface ITeamRows
{
    static abstract int Count { get; }
}

/// <inheritdoc cref="ITeamRows"/>
internal readonly struct OneRow : ITeamRows
{
    public static int Count => 1;
}

/// <inheritdoc cref="ITeamRows"/>
internal readonly struct FourRows : ITeamRows
{
    public static int Count => 4;
}

/// <summary>
/// What the kernels of whole sequences share: sizes, the places of their dynamic shared memory, and the product of a step. A group keeps
/// W_hh, the states of its rows and the gates of a step in shared memory; steps wait for nobody but the group itself.
/// </summary>
internal struct TeamSequence
{
    /// <summary>Sizes of the layer, and columns and terms of a step's product.</summary>
    public int Time, Batch, Units, OutputRow, Columns, Terms;

    /// <summary>Groups of a direction; those of the second one follow.</summary>
    public int Groups;

    /// <summary>1 or 0: kernels take no bool.</summary>
    public int HasLengths;

    /// <summary>A row of a state, in whole quads.</summary>
    public readonly int Pitch => (Units + 3) & ~3;

    /// <summary>First float of the hidden values (or their gradients), the cells, the gates and the sums; the weight begins at 0.</summary>
    public readonly int HiddenAt => (Terms * Columns + 3) & ~3;

    public readonly int CellAt(int rows) => HiddenAt + rows * Pitch;

    /// <summary>The gates begin so that block <paramref name="aligned"/> of a row lies at whole quads; rows are long enough for that.</summary>
    public readonly int GatesAt(int rows, int aligned) => CellAt(rows) + rows * Pitch + ((-aligned * Units) & 3);

    public readonly int SumsAt(int rows) => CellAt(rows) + rows * 5 * Pitch;

    /// <summary>Floats of shared memory that a group of some threads takes, in whole quads.</summary>
    public readonly int Floats(int rows, int threads) => (SumsAt(rows) + rows * Math.Max(threads, Columns) + 3) & ~3;

    /// <summary>Parts that the terms of a product are cut into, so that few columns keep all threads busy.</summary>
    public static int Parts(int columns, int threads)
    {
        int lanes = Lanes(columns, threads);
        return lanes < threads ? threads / lanes : 1;
    }

    // Whole warps of a group of 256.
    private static int Lanes(int columns, int threads)
    {
        int step = threads / 8 < 1 ? 1 : threads / 8;
        return (columns + step - 1) / step * step;
    }

    /// <summary>
    /// sums[part, row, c] = sum over the part's terms k of a[row, k] weight[k, c]. Threads lie along the columns; a quad of a row's values
    /// serves four multiply-adds, a value of the weight all rows.
    /// </summary>
    /// <param name="quads">The group's shared memory.</param>
    /// <param name="a">First quad of a.</param>
    /// <param name="aRow">Quads of a row of a.</param>
    /// <param name="weight">Weight [terms, columns].</param>
    /// <param name="sums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Multiply<TRows>(ArrayView<Float4> quads, int a, int aRow, float* weight, float* sums) where TRows : struct, ITeamRows
    {
        int columns = Columns, threads = Group.DimX, parts = Parts(columns, threads), lanes = parts > 1 ? Lanes(columns, threads) : threads;
        int part = Group.IdxX / lanes, length = ((Terms + parts - 1) / parts + 3) & ~3, start = part * length;
        int end = start + length < Terms ? start + length : Terms;
        if (part >= parts) return;
        for (int c = Group.IdxX - part * lanes; c < columns; c += lanes)
        {
            float s0 = 0f, s1 = 0f, s2 = 0f, s3 = 0f;
            int k = start, at = start * columns + c, quad = a + start / 4;
            for (; k + 4 <= end; k += 4)
            {
                float w0 = weight[at], w1 = weight[at + columns], w2 = weight[at + 2 * columns], w3 = weight[at + 3 * columns];
                s0 = Quad(quads[quad], w0, w1, w2, w3, s0);
                if (TRows.Count > 1)
                {
                    s1 = Quad(quads[quad + aRow], w0, w1, w2, w3, s1);
                    s2 = Quad(quads[quad + 2 * aRow], w0, w1, w2, w3, s2);
                    s3 = Quad(quads[quad + 3 * aRow], w0, w1, w2, w3, s3);
                }
                at += 4 * columns;
                quad++;
            }
            // Fewer than four terms are left: what lies behind them in the quad is not used.
            if (k < end)
            {
                float w0 = weight[at], w1 = k + 1 < end ? weight[at + columns] : 0f, w2 = k + 2 < end ? weight[at + 2 * columns] : 0f;
                s0 = Three(quads[quad], w0, w1, w2, end - k, s0);
                if (TRows.Count > 1)
                {
                    s1 = Three(quads[quad + aRow], w0, w1, w2, end - k, s1);
                    s2 = Three(quads[quad + 2 * aRow], w0, w1, w2, end - k, s2);
                    s3 = Three(quads[quad + 3 * aRow], w0, w1, w2, end - k, s3);
                }
            }
            float* sum = sums + (part * TRows.Count * columns + c);
            sum[0] = s0;
            if (TRows.Count > 1)
            {
                sum[columns] = s1;
                sum[2 * columns] = s2;
                sum[3 * columns] = s3;
            }
        }
    }

    /// <summary>The sum over all parts of a column, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe float Sum<TRows>(float* sums, int row, int column) where TRows : struct, ITeamRows
    {
        int parts = Parts(Columns, Group.DimX), step = TRows.Count * Columns, at = row * Columns + column;
        float sum = sums[at];
        for (int part = 1; part < parts; part++) sum += sums[at + part * step];
        return sum;
    }

    // Up to three terms; memory behind them may hold anything, a NaN too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Three(Float4 a, float w0, float w1, float w2, int terms, float sum)
    {
        sum += a.X * w0;
        sum += (terms > 1 ? a.Y : 0f) * w1;
        return sum + (terms > 2 ? a.Z : 0f) * w2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Quad(Float4 a, float w0, float w1, float w2, float w3, float sum)
    {
        sum += a.X * w0;
        sum += a.Y * w1;
        sum += a.Z * w2;
        return sum + a.W * w3;
    }
}
