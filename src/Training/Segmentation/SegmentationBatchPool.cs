namespace GpuNets.Training;

/// <summary>Arrays of batches that are done. Holds a few of the sizes asked for last.</summary>
internal sealed class SegmentationBatchPool
{
    /// <summary>What a prefetcher of usual depth and its reader have in hand.</summary>
    private const int Capacity = 6;

    private readonly Queue<(float[] Images, int[] Labels)> _free = [];

    public (float[] Images, int[] Labels) Take(int images, int labels)
    {
        lock (_free)
        {
            while (_free.TryDequeue(out var pair))
                if (pair.Images.Length == images && pair.Labels.Length == labels) return pair;
        }
        return (GC.AllocateUninitializedArray<float>(images), GC.AllocateUninitializedArray<int>(labels));
    }

    public void Return(float[] images, int[] labels)
    {
        lock (_free)
        {
            if (_free.Count < Capacity) _free.Enqueue((images, labels));
        }
    }
}
