namespace GpuNets.Kernels;

/// <summary>
/// Which elements of x [samples, channels, size] share a mean and a variance. A plane is the size elements of one sample and channel; a
/// set is all planes of one channel (batch norm), or the neighbouring channels of one sample that make up a group (group norm).
/// Statistics are taken of pieces of planes, which stay in the first-level cache, and joined; a piece's results lie in its slot, slots of
/// a set in <see cref="SlotRuns"/> runs of <see cref="SlotRun"/> neighbours.
/// </summary>
internal readonly struct PlaneSets
{
    /// <summary>Two inputs of a gradient of so many floats fill half of a first-level cache of 32 KB.</summary>
    private const int LongestPiece = 2048;

    public readonly int Samples, Channels, Size, Pieces, PieceSize;

    // Never 0, not even where sets are channels: a selection computes both of its sides, and a division by 0 makes OpenCL's compiler
    // take for granted that it is not 0.
    private readonly int _groups, _groupChannels;

    private readonly int _byChannel, _sampleSlots, _channelSlots, _pieceSlots;

    private PlaneSets(int samples, int channels, int size, int groups)
    {
        Samples = samples;
        Channels = channels;
        Size = size;
        Pieces = (size + LongestPiece - 1) / LongestPiece;
        // A whole number of cache lines, and of the widest lanes.
        PieceSize = ((size + Pieces - 1) / Pieces + 15) / 16 * 16;
        Pieces = (size + PieceSize - 1) / PieceSize;
        _byChannel = groups == 0 ? 1 : 0;
        _groups = Math.Max(groups, 1);
        _groupChannels = channels / _groups;
        (_sampleSlots, _channelSlots, _pieceSlots) = groups == 0 ? (Pieces, samples * Pieces, 1) : (Pieces * channels, 1, channels);
    }

    public int Planes => Samples * Channels;

    public int Slots => Planes * Pieces;

    public int Sets => _byChannel != 0 ? Channels : Samples * _groups;

    public int PlanesPerSet => _byChannel != 0 ? Samples : _groupChannels;

    /// <summary>Elements of a set.</summary>
    public int SetSize => PlanesPerSet * Size;

    public int SlotRuns => _byChannel != 0 ? 1 : Pieces;

    public int SlotRun => _byChannel != 0 ? Samples * Pieces : _groupChannels;

    /// <summary>A set for each channel.</summary>
    public static PlaneSets ByChannel(int samples, int channels, int size) => new(samples, channels, size, 0);

    /// <summary>A set for each group of neighbouring channels of each sample.</summary>
    public static PlaneSets ByGroup(int samples, int channels, int size, int groups) => new(samples, channels, size, groups);

    /// <summary>Plane number k of a set.</summary>
    public int Plane(int set, int k) => _byChannel != 0 ? k * Channels + set : set * _groupChannels + k;

    public int Channel(int plane) => plane % Channels;

    /// <summary>The set that a plane belongs to.</summary>
    public int SetOf(int plane) => _byChannel != 0 ? plane % Channels : plane / _groupChannels;

    public int Slot(int plane, int piece)
    {
        int sample = plane / Channels;
        return sample * _sampleSlots + (plane - sample * Channels) * _channelSlots + piece * _pieceSlots;
    }

    /// <summary>First slot of a run of a set.</summary>
    public int RunStart(int set, int run) => _byChannel != 0
        ? set * Samples * Pieces
        : (set / _groups * Pieces + run) * Channels + set % _groups * _groupChannels;

    /// <summary>Elements of a piece: the last one may be shorter.</summary>
    public int PieceLength(int piece) => Size - piece * PieceSize < PieceSize ? Size - piece * PieceSize : PieceSize;
}
