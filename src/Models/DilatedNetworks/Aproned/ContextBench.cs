namespace GpuNets.Models;

/// <summary>Trains context modules on the score maps of one front end, which are computed once.</summary>
internal sealed class ContextBench
{
    private readonly ApronedRun _front;
    private readonly CancellationToken _cancellation;
    private readonly float[] _train, _test;

    public ContextBench(ApronedRun front, CancellationToken cancellation)
    {
        (_front, _cancellation) = (front, cancellation);
        (_train, _test) = (Scores(front.TrainImages), Scores(front.TestImages));
    }

    private Device Device => _front.Vars.Device;

    /// <summary>The front end on the test images.</summary>
    public ApronedScore FrontEnd() => ApronedScore.Of(Device, _front.TestImages, samples => Some(_test, samples), _cancellation);

    /// <summary>A module of its own parameters after some updates, on the test images.</summary>
    public ApronedScore Train(ContextOptions options, ApronedStage stage, long steps)
    {
        var vars = new Vars(Device, _front.Seed);
        var module = new ContextModule(vars["context"], options);
        var optimizer = stage.Optimizer(module.Parameters);
        var order = new ShuffledOrder(_front.TrainImages.Count, stage.BatchSize, _front.Seed);
        for (long i = 0; i < steps; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            int[] samples = order.Batch(i);
            ApronedStage.Update(optimizer, () => module.Forward(Some(_train, samples)), () => _front.TrainImages.LabelsOn(Device, samples), report: false);
        }
        return ApronedScore.Of(Device, _front.TestImages, samples => module.Forward(Some(_test, samples)), _cancellation);
    }

    private float[] Scores(ApronedImages images)
    {
        const int batch = 20;
        var scores = new List<float>();
        for (int first = 0; first < images.Count; first += batch)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var scope = Device.Scope();
            int[] samples = [.. Enumerable.Range(first, Math.Min(batch, images.Count - first))];
            scores.AddRange(((Layer)_front.Model).Forward(images.ImagesOn(Device, samples)).ToArray());
        }
        return [.. scores];
    }

    private Tensor Some(float[] scores, int[] samples)
    {
        int size = _front.TestImages.Size, count = ApronedScenes.Classes * size * size;
        float[] values = new float[samples.Length * count];
        for (int i = 0; i < samples.Length; i++) scores.AsSpan(samples[i] * count, count).CopyTo(values.AsSpan(i * count));
        return Device.Tensor(values, (samples.Length, ApronedScenes.Classes, size, size));
    }
}
