using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>Copies blocks of a matrix into the order in which a register tile reads them.</summary>
internal static unsafe class HostPack
{
    /// <summary>
    /// to[l * lanes + r] = from[r * row + l * step] for l below <paramref name="length"/> and r below <paramref name="count"/>; zero for
    /// r from there up to <paramref name="lanes"/>. Either step is 1. Packs rows of A or columns of B into one panel.
    /// </summary>
    public static void Panel(float* from, nint row, nint step, int count, int length, float* to, int lanes)
    {
        if (row == 1) Copy(from, step, count, length, to, lanes);
        else Transpose(from, row, count, length, to, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* from, nint step, int count, int length, float* to, int lanes)
    {
        for (int l = 0; l < length; l++, from += step, to += lanes)
        {
            int r = 0;
            for (; r + 8 <= count; r += 8) Vector256.Load(from + r).Store(to + r);
            for (; r < count; r++) to[r] = from[r];
            for (; r < lanes; r++) to[r] = 0f;
        }
    }

    // Blocks of 4 x 4 through registers: both the reads and the writes are then vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* from, nint row, int count, int length, float* to, int lanes)
    {
        int r = 0;
        for (; r + 4 <= count; r += 4)
        {
            float* source = from + r * row, target = to + r;
            int l = 0;
            for (; l + 4 <= length; l += 4, source += 4, target += 4 * lanes)
            {
                var (x, y) = (Vector128.Load(source), Vector128.Load(source + row));
                var (z, w) = (Vector128.Load(source + 2 * row), Vector128.Load(source + 3 * row));
                var (xz, yw, xzHigh, ywHigh) = (Low(x, z), Low(y, w), High(x, z), High(y, w));
                Low(xz, yw).Store(target);
                High(xz, yw).Store(target + lanes);
                Low(xzHigh, ywHigh).Store(target + 2 * lanes);
                High(xzHigh, ywHigh).Store(target + 3 * lanes);
            }
            for (; l < length; l++, source++, target += lanes)
                for (int i = 0; i < 4; i++) target[i] = source[i * row];
        }
        for (; r < lanes; r++)
            for (int l = 0; l < length; l++) to[l * lanes + r] = r < count ? from[r * row + l] : 0f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
