using System.Runtime.InteropServices;

namespace GpuNets.Kernels;

/// <summary>Writes words that the next run of a recorded step reads.</summary>
internal delegate void StepWords(Span<uint> words);

/// <summary>
/// A step that was recorded once and is launched again and again. Arguments of its kernels are baked in; what changes from run to run
/// (sequences of random numbers, learning rates, counts) lies in words of device memory that each run writes anew before it launches. The
/// host's part of the step (counting steps, drawing sequences) is repeated from a list, in the order of the recording.
/// </summary>
internal sealed class StepRecording(Device device, ILaunchGraph graph) : IDisposable
{
    /// <summary>Most words that are reserved at once.</summary>
    public const int MostWords = BlockWords;

    private const int BlockWords = 1024;

    [ThreadStatic]
    private static StepRecording? s_current;

    private readonly List<(DeviceBuffer Device, uint[] Host)> _blocks = [];
    private readonly List<Action> _repeated = [];
    private readonly HashSet<DeviceBuffer> _outside = [];
    private int _used;

    /// <summary>The recording that goes on in this thread, for those that know no device.</summary>
    public static StepRecording? Current { get => s_current; set => s_current = value; }

    public ILaunchGraph Graph => graph;

    /// <summary>The blocks that the launches use, kept from others.</summary>
    public PoolReservation Memory { get; } = new();

    /// <summary>Reserves words and writes them, now and before each run.</summary>
    public DeviceBuffer Words(int count, StepWords write)
    {
        if (_blocks.Count == 0 || _used + count > BlockWords)
        {
            _blocks.Add((device.Allocate(BlockWords, "words of a captured step"), new uint[BlockWords]));
            _used = 0;
        }
        var (block, host) = _blocks[^1];
        int start = _used;
        _used += count;
        Action fill = () => write(host.AsSpan(start, count));
        fill();
        _repeated.Add(fill);
        return block.Slice(start, count);
    }

    /// <summary>What the host did just now and does again before each run.</summary>
    public void Repeat(Action action) => _repeated.Add(action);

    /// <summary>Notes memory that the step uses; what it did not allocate itself must outlive it.</summary>
    public void Touch(DeviceBuffer buffer)
    {
        if (buffer.Owned && buffer.Reservation != Memory) _outside.Add(buffer);
    }

    /// <summary>Runs the step again.</summary>
    /// <exception cref="InvalidOperationException">Memory that the step uses was freed, or what the recording relied on changed.</exception>
    public void Replay()
    {
        foreach (var buffer in _outside)
        {
            if (!buffer.IsLive)
                throw new InvalidOperationException(
                    $"Capture: the recorded step uses memory that was freed since ({(buffer.Label.Length == 0 ? "a buffer" : buffer.Label)}); "
                    + "keep its tensors, or capture the step anew.");
        }
        foreach (var action in _repeated) action();
        Launch();
    }

    /// <summary>Sends the words and launches.</summary>
    public void Launch()
    {
        foreach (var (block, host) in _blocks) device.Send(block.Ints.SubView(0, BlockWords), MemoryMarshal.Cast<uint, int>(host));
        device.Launches++;
        graph.Launch();
    }

    public void Dispose()
    {
        if (device.IsDisposed) return;
        graph.Dispose();   // waits until it has run
        foreach (var (block, _) in _blocks) block.Free();
        device.Pool.Release(Memory);
    }
}
