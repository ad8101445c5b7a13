using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A sequence of a recorded step: another one in each run, whose name kernels read from the device.</summary>
internal sealed class CapturedSequence
{
    private readonly StepRecording _recording;
    private readonly DeviceBuffer _words;
    private Philox _now;

    /// <param name="recording">The step.</param>
    /// <param name="next">Gives the sequence of this run and, before each later one, of that run.</param>
    public CapturedSequence(StepRecording recording, Func<Philox> next)
    {
        _recording = recording;
        _words = recording.Words(RandomKey.WordCount, words =>
        {
            _now = next();
            words[0] = (uint)_now.Seed;
            words[1] = (uint)(_now.Seed >> 32);
            words[2] = _now.Stream;
        });
    }

    /// <summary>The sequence of this run, to be handed to kernels.</summary>
    public Philox Sequence => new(_now.Seed, _now.Stream) { Captured = this };

    public Philox Fork(string purpose) => new CapturedSequence(_recording, () => _now.Fork(purpose)).Sequence;

    public ArrayView<int> WordsOn(Device device)
    {
        if (_words.Device != device) throw new DeviceMismatchException("Capture", _words.Device.Info.Id, device.Info.Id);
        return _words.Ints;
    }
}
