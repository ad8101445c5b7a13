namespace GpuNets.Kernels;

/// <summary>Keys of entries and how they are hashed and compared. A key may be that of a neighbour: moved by one along every axis, and back by a period along one.</summary>
internal unsafe struct PermutohedralKeys
{
    public int* Keys;

    /// <summary>Words of a key; the last is the sample.</summary>
    public int Words;

    /// <summary>Word k of the key of an entry, moved: -1 or 1 away from the period along <paramref name="axis"/>, or 0 for the key itself.</summary>
    public readonly int Word(int entry, int k, int axis, int move) =>
        Keys[entry * Words + k] + (k == Words - 1 ? 0 : k == axis ? -move * (Words - 1) : move);

    /// <summary>A hash of a key (moved or not), 0 or more.</summary>
    public readonly int Hash(int entry, int axis, int move)
    {
        uint hash = 2166136261u;
        for (int k = 0; k < Words; k++)
        {
            hash = (hash ^ (uint)Word(entry, k, axis, move)) * 2654435769u;
            hash ^= hash >> 15;
        }
        return (int)(hash & 0x7FFFFFFFu);
    }

    /// <summary>Whether the key of <paramref name="other"/> is that of an entry, moved.</summary>
    public readonly bool Same(int other, int entry, int axis, int move)
    {
        int differences = 0;
        for (int k = 0; k < Words; k++) differences += Keys[other * Words + k] == Word(entry, k, axis, move) ? 0 : 1;
        return differences == 0;
    }
}
