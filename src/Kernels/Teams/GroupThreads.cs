using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// All threads of a GPU group (a power of two, at most <see cref="MaxSize"/>) on one row. Reductions are trees over shared memory, so
/// that they run on any GPU, warps or not, and always add in the same order.
/// </summary>
internal readonly struct GroupThreads : IThreads
{
    public const int MaxSize = 256;

    public static int Rank => Group.IdxX;
    public static int Size => Group.DimX;

    public static void Barrier() => Group.Barrier();

    public static float Sum(float sum)
    {
        var partial = SharedMemory.Allocate<float>(MaxSize);
        partial[Group.IdxX] = sum;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) partial[Group.IdxX] += partial[Group.IdxX + half];
            Group.Barrier();
        }
        sum = partial[0];
        Group.Barrier();
        return sum;
    }

    public static void Sums(ref float first, ref float second)
    {
        var partial = SharedMemory.Allocate<float>(2 * MaxSize);
        partial[Group.IdxX] = first;
        partial[MaxSize + Group.IdxX] = second;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                partial[Group.IdxX] += partial[Group.IdxX + half];
                partial[MaxSize + Group.IdxX] += partial[MaxSize + Group.IdxX + half];
            }
            Group.Barrier();
        }
        first = partial[0];
        second = partial[MaxSize];
        Group.Barrier();
    }

    public static float Max(float max)
    {
        var partial = SharedMemory.Allocate<float>(MaxSize);
        partial[Group.IdxX] = max;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) partial[Group.IdxX] = SerialTeam.Larger(partial[Group.IdxX], partial[Group.IdxX + half]);
            Group.Barrier();
        }
        max = partial[0];
        Group.Barrier();
        return max;
    }
}
