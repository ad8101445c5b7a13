namespace GpuNets.Models;

/// <summary>Numbers 0 to count - 1 in epochs, each in another order: which samples a batch has depends on the seed and the batch's number alone.</summary>
/// <param name="count">Number of samples.</param>
/// <param name="size">Samples of a batch.</param>
/// <param name="seed">Seed of the orders.</param>
internal sealed class ShuffledOrder(int count, int size, ulong seed)
{
    private readonly int[] _order = new int[count];
    private readonly ulong _seed = new Philox(seed).Fork("order of samples").Seed;
    private long _epoch = -1;

    /// <summary>The samples of a batch. Batches follow each other without gaps: one may end an epoch and begin the next.</summary>
    public int[] Batch(long index)
    {
        int[] samples = new int[size];
        for (int i = 0; i < size; i++)
        {
            long position = index * size + i;
            Shuffle(position / count);
            samples[i] = _order[position % count];
        }
        return samples;
    }

    private void Shuffle(long epoch)
    {
        if (epoch == _epoch) return;
        _epoch = epoch;
        var random = new Philox(_seed, (uint)epoch);
        for (int i = 0; i < count; i++)
        {
            int other = random.Below((uint)i, i + 1);
            (_order[i], _order[other]) = (_order[other], i);
        }
    }
}
