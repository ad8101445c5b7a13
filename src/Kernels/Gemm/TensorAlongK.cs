using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Neighbours differ in k: rows of A, or columns of a transposed B. A stage is [line][4 chunks]; two lines fill all banks, so chunks
/// change places every second line.
/// </summary>
internal readonly struct TensorAlongK : ITensorSide
{
    public static TensorPlace Place<TFormat>(int thread, int first, int lines, int step, int k) where TFormat : struct, ITensorFormat
    {
        int line = thread >> 2, chunk = thread & 3, at = first + line, last = lines - 1;
        k += chunk * TFormat.Chunk;
        return new TensorPlace
        {
            First = (at < last ? at : last) * step + k,
            Second = (at + 64 < last ? at + 64 : last) * step + k,
            Step = 4 * TFormat.Chunk,
            K = k,
            Target = line * 4 + (chunk ^ (line >> 1 & 3)),
        };
    }

    public static HeldChunks Next<TFormat, TAccess>(ArrayView<float> view, ref TensorPlace place, int end)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
    {
        int count = end - place.K;
        var held = new HeldChunks { A = TAccess.Load(view, place.First, count), C = TAccess.Load(view, place.Second, count) };
        if (TFormat.Chunk > 4)
        {
            held.B = TAccess.Load(view, place.First + 4, count - 4);
            held.D = TAccess.Load(view, place.Second + 4, count - 4);
        }
        place.First += place.Step;
        place.Second += place.Step;
        place.K += place.Step;
        return held;
    }

    public static int PlaceLeft<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat =>
        (line + (lane & 15)) * 4 + (lane >> 4 ^ (lane >> 1 & 3));

    public static int PlaceRight<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat =>
        (line + (lane >> 4) * 8 + (lane & 7)) * 4 + (lane >> 3 & 1 ^ (lane >> 1 & 3));

    public static UInt4 Left<TFormat>(ArrayView<UInt4> shared, int stage, int place, int tile, int step) where TFormat : struct, ITensorFormat =>
        TensorCores.LoadMatrices(ref shared[stage + (place ^ (2 * step))], 64 * tile);

    public static UInt4 Right<TFormat>(ArrayView<UInt4> shared, int stage, int place, int pair, int step) where TFormat : struct, ITensorFormat =>
        TensorCores.LoadMatrices(ref shared[stage + (place ^ (2 * step))], 64 * pair);
}
