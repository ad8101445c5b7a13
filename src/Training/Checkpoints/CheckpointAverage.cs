namespace GpuNets.Training;

/// <summary>
/// The mean of saved models, parameter by parameter: what the Transformer paper reports (the last 5 checkpoints of the base model, 20 of the
/// big one). Sums are in double precision. Whole numbers, such as counters, are those of the last model; floats become float32.
/// </summary>
public static class CheckpointAverage
{
    /// <summary>Entry of the metadata that says of how many models the average is.</summary>
    public const string CountEntry = "averaged";

    /// <summary>Averages the newest checkpoints of a run.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="count">How many; the run must have kept as many (<see cref="TrainerOptions.KeepCheckpoints"/>).</param>
    /// <exception cref="CheckpointException">There are fewer checkpoints, or one is damaged.</exception>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all.</exception>
    public static StateDict OfLast(RunFolder run, int count)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var folders = new CheckpointFolder(run.CheckpointsFolder).List();
        if (folders.Count < count)
            throw new CheckpointException(run.CheckpointsFolder, $"{folders.Count} checkpoints, but {count} are to be averaged; average fewer, or train with {nameof(TrainerOptions.KeepCheckpoints)} of {count} or more");
        return Of(folders.Skip(folders.Count - count).Select(CheckpointFolder.LoadModel));
    }

    /// <summary>Averages files of models.</summary>
    /// <param name="paths">Files in the safetensors format.</param>
    /// <exception cref="ArgumentException">No files.</exception>
    /// <exception cref="StateDictException">A file is damaged, or names or shapes differ; lists them all.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static StateDict OfFiles(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Of(paths.Select(StateDict.Load));
    }

    /// <summary>Averages models; only one at a time is held besides the sums.</summary>
    /// <exception cref="ArgumentException">No models.</exception>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all.</exception>
    public static StateDict Of(IEnumerable<StateDict> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        List<KeyValuePair<string, IReadOnlyList<long>>> expected = [];
        Dictionary<string, double[]> sums = [];
        StateDict? last = null;
        int count = 0;
        foreach (var model in models)
        {
            if (count++ == 0) expected = [.. model.Select(tensor => KeyValuePair.Create(tensor.Name, (IReadOnlyList<long>)tensor.Shape))];
            model.Require(expected);
            foreach (var tensor in model.Where(IsAveraged))
            {
                float[] values = tensor.ToFloats();
                if (!sums.TryGetValue(tensor.Name, out double[]? sum)) sums.Add(tensor.Name, sum = new double[values.Length]);
                for (int i = 0; i < values.Length; i++) sum[i] += values[i];
            }
            last = model;
        }
        if (last is null) throw new ArgumentException("CheckpointAverage: no models to average.", nameof(models));
        var average = new StateDict();
        foreach (var (key, value) in last.Metadata) average.Metadata[key] = value;
        average.Metadata[CountEntry] = count.ToString();
        foreach (var tensor in last)
        {
            average.Add(sums.TryGetValue(tensor.Name, out double[]? sum) && IsAveraged(tensor)
                ? StateTensor.From(tensor.Name, tensor.Shape.AsSpan(), sum.Select(value => (float)(value / count)).ToArray())
                : tensor);
        }
        return average;
    }

    private static bool IsAveraged(StateTensor tensor) => tensor.Type is SafetensorsType.F64 or SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16;
}
