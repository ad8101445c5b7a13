using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>Steps of decoding that the device runs as one launch each. All rows go on until the last has ended: without one the step would be another.</summary>
internal sealed class CapturedDecoding : IDisposable
{
    /// <summary>Most rows of a captured step.</summary>
    public const int MostRows = StepRecording.MostWords / 2;

    private readonly DecoderState _state;
    private readonly IndexTensor _last, _place;
    private readonly CapturedStep _step;

    /// <param name="model">The model.</param>
    /// <param name="state">The sentences, with room for all steps.</param>
    /// <param name="newGraph">Makes what records; as <see cref="Device.NewGraph"/>.</param>
    public CapturedDecoding(Transformer model, DecoderState state, Func<ILaunchGraph?> newGraph)
    {
        _state = state;
        var (device, options, rows) = (model.Device, model.Options, state.Sentences);
        // Of no scope: they live as long as the step.
        _last = new IndexTensor([rows, 1], device.Allocate(rows, "last tokens"), 0, options.TargetVocabulary - 1);
        _place = new IndexTensor(1, device.Allocate(1, "place of the last tokens"), 0, options.MaxLength + options.FirstPosition - 1);
        _step = new CapturedStep(device, () => state.Step(_last, _place), newGraph);
    }

    /// <summary>Scores of the next token of each row, [rows, vocabulary]; the next step overwrites them.</summary>
    /// <param name="last">The last token of each row.</param>
    public Tensor Step(ReadOnlySpan<int> last)
    {
        _last.CopyFrom(last);
        _place.CopyFrom([_state.Place()]);
        return _step.Run();
    }

    public void Dispose()
    {
        _step.Dispose();
        _last.Buffer.Free();
        _place.Buffer.Free();
    }
}
