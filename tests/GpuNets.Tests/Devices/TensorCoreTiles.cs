using GpuNets.Kernels;
using ILGPU;

namespace GpuNets.Tests.Devices;

/// <summary>How a test tile rounds and multiplies.</summary>
internal interface ITileFormat
{
    static abstract Float4 Multiply(Float4 sums, UInt4 a, UInt2 b);
}

internal readonly struct Tf32Tile : ITileFormat
{
    public static Float4 Multiply(Float4 sums, UInt4 a, UInt2 b) => TensorCores.MultiplyTf32(sums, a, b);
}

internal readonly struct BFloat16Tile : ITileFormat
{
    public static Float4 Multiply(Float4 sums, UInt4 a, UInt2 b) => TensorCores.MultiplyBFloat16(sums, a, b);
}

/// <summary>C [16, 8] = A B^T by one warp: rows of 64 bytes (16 tf32 or 32 bfloat16) of A [16] and B [8] by way of shared memory.</summary>
[ComputeCapability(8, 0)]
internal struct TileProduct<TFormat> : IGridKernel where TFormat : struct, ITileFormat
{
    public ArrayView<UInt4> A, B;
    public ArrayView<float> C;

    public readonly void Run()
    {
        int lane = Group.IdxX;
        var a = SharedMemory.Allocate<UInt4>(64);
        var b = SharedMemory.Allocate<UInt4>(32);
        AsyncCopy.Copy16(ref a[lane], ref A[lane], 16);
        AsyncCopy.Copy16(ref a[lane + 32], ref A[lane + 32], 16);
        AsyncCopy.Commit();
        AsyncCopy.Copy16(ref b[lane], ref B[lane], 16);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        Group.Barrier();
        var right = TensorCores.LoadMatrices(ref b[lane % 8 * 4 + lane / 8], 0);
        int row = lane % 16 * 4 + lane / 16;
        Float4 sums = default;
        sums = TFormat.Multiply(sums, TensorCores.LoadMatrices(ref a[row], 0), new UInt2 { X = right.X, Y = right.Y });
        sums = TFormat.Multiply(sums, TensorCores.LoadMatrices(ref a[0], row + 2), new UInt2 { X = right.Z, Y = right.W });
        int c = lane / 4 * 8 + lane % 4 * 2;
        (C[c], C[c + 1], C[c + 64], C[c + 65]) = (sums.X, sums.Y, sums.Z, sums.W);
    }
}

/// <summary>C [16, 8] = A^T B by one warp, both stored along k: A [32, 16] and B [32, 8] of bfloat16.</summary>
[ComputeCapability(8, 0)]
internal struct TransposedTileProduct : IGridKernel
{
    public ArrayView<UInt4> A, B;
    public ArrayView<float> C;

    public readonly void Run()
    {
        int lane = Group.IdxX;
        var a = SharedMemory.Allocate<UInt4>(64);
        var b = SharedMemory.Allocate<UInt4>(32);
        AsyncCopy.Copy16(ref a[lane], ref A[lane], 16);
        AsyncCopy.Copy16(ref a[lane + 32], ref A[lane + 32], 16);
        AsyncCopy.Copy16(ref b[lane], ref B[lane], 16);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        Group.Barrier();
        var right = TensorCores.LoadMatricesTransposed(ref b[lane], 0);
        // Matrices of 8 k by 8 rows: k and rows 0.., rows 8.., k 8.., both.
        int row = (lane / 16 * 8 + lane % 8) * 2 + lane / 8 % 2;
        Float4 sums = default;
        sums = TensorCores.MultiplyBFloat16(sums, TensorCores.LoadMatricesTransposed(ref a[row], 0), new UInt2 { X = right.X, Y = right.Y });
        sums = TensorCores.MultiplyBFloat16(sums, TensorCores.LoadMatricesTransposed(ref a[row], 32), new UInt2 { X = right.Z, Y = right.W });
        int c = lane / 4 * 8 + lane % 4 * 2;
        (C[c], C[c + 1], C[c + 64], C[c + 65]) = (sums.X, sums.Y, sums.Z, sums.W);
    }
}

/// <summary>Everything else of the folder, one thread per element; on GPUs of every age.</summary>
internal struct CopiesAndFunctions : IGridKernel
{
    public ArrayView<UInt4> From, To;
    public ArrayView<float> X, Y;

    public readonly void Run()
    {
        int i = Group.IdxX;
        var shared = SharedMemory.Allocate<UInt4>(32);
        AsyncCopy.Copy16(ref shared[i], ref From[i], i % 5 * 4);
        AsyncCopy.Commit();
        AsyncCopy.Wait(1 - 1);
        To[i] = shared[i];
        Y[3 * i] = ApproximateMath.Exp2(X[i]);
        Y[3 * i + 1] = ApproximateMath.Reciprocal(X[i]);
        Y[3 * i + 2] = ApproximateMath.ReciprocalSqrt(X[i]);
    }
}

/// <summary>What <see cref="Rounding"/> makes of X.</summary>
[ComputeCapability(8, 0)]
internal struct Roundings : IGridKernel
{
    public ArrayView<float> X;
    public ArrayView<UInt2> Y;

    public readonly void Run()
    {
        int i = Group.IdxX;
        Y[i] = new UInt2 { X = Rounding.Tf32(X[i]), Y = Rounding.BFloat16Pair(X[i], -X[i]) };
    }
}
