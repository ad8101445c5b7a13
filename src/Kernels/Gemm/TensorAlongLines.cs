using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Neighbours are lines at one k: columns of B, or rows of a transposed A. A stage is [k][line].</summary>
internal readonly struct TensorAlongLines : ITensorSide
{
    private const int Width = TensorSums.Lines;

    public static TensorPlace Place<TFormat>(int thread, int first, int lines, int step, int k) where TFormat : struct, ITensorFormat
    {
        int perK = Width / TFormat.Chunk, row = thread / perK, chunk = thread % perK, line = first + chunk * TFormat.Chunk;
        return new TensorPlace
        {
            First = (k + row) * step + line,
            Step = 4 * TFormat.Chunk * step,
            K = k + row,
            Lines = lines - line,
            Target = TFormat.LineChunk(row, chunk),
        };
    }

    public static HeldChunks Next<TFormat, TAccess>(ArrayView<float> view, ref TensorPlace place, int end)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
    {
        int first = place.K < end ? place.Lines : 0, second = place.K + 2 * TFormat.Chunk < end ? place.Lines : 0;
        int next = place.First + (place.Step >> 1);
        var held = new HeldChunks { A = TAccess.Load(view, place.First, first), C = TAccess.Load(view, next, second) };
        if (TFormat.Chunk > 4)
        {
            held.B = TAccess.Load(view, place.First + 4, first - 4);
            held.D = TAccess.Load(view, next + 4, second - 4);
        }
        place.First += place.Step;
        place.K += 4 * TFormat.Chunk;
        return held;
    }

    public static int PlaceLeft<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat => TFormat.PlaceLeftAlongLines(lane, line);

    public static int PlaceRight<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat => TFormat.PlaceRightAlongLines(lane, line);

    public static UInt4 Left<TFormat>(ArrayView<UInt4> shared, int stage, int place, int tile, int step) where TFormat : struct, ITensorFormat =>
        TFormat.LeftAlongLines(shared, stage, place, tile, step);

    public static UInt4 Right<TFormat>(ArrayView<UInt4> shared, int stage, int place, int pair, int step) where TFormat : struct, ITensorFormat =>
        TFormat.RightAlongLines(shared, stage, place, pair, step);
}
