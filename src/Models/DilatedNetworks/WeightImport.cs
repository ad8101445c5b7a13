namespace GpuNets.Models;

/// <summary>Puts the tensors of a file of other names into parameters: all are checked before any is touched.</summary>
internal sealed class WeightImport
{
    private readonly List<(string Source, long[] Shape, Parameter Target, Action<float[]>? Change)> _entries = [];

    /// <summary>Adds a tensor of the file.</summary>
    /// <param name="source">Its name in the file.</param>
    /// <param name="module">The module that has the parameter.</param>
    /// <param name="name">Name of the parameter in the module.</param>
    /// <param name="shape">Shape in the file; null: that of the parameter.</param>
    /// <param name="change">Changes the values on the way.</param>
    public void Add(string source, Module module, string name, long[]? shape = null, Action<float[]>? change = null)
    {
        string path = module.Path.Length == 0 ? name : $"{module.Path}.{name}";
        var target = module.Parameters.First(parameter => parameter.Path == path);
        _entries.Add((source, shape ?? [.. target.Shape.Select(size => (long)size)], target, change));
    }

    /// <summary>Loads the tensors.</summary>
    /// <param name="state">The file.</param>
    /// <param name="ignored">Tells names that the file may have besides.</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public void Load(StateDict state, Func<string, bool> ignored)
    {
        var expected = _entries.Select(entry => KeyValuePair.Create(entry.Source, (IReadOnlyList<long>)entry.Shape)).ToList();
        var known = _entries.Select(entry => entry.Source).ToHashSet();
        expected.AddRange(state.Where(tensor => !known.Contains(tensor.Name) && ignored(tensor.Name))
            .Select(tensor => KeyValuePair.Create(tensor.Name, (IReadOnlyList<long>)tensor.Shape)));
        state.Require(expected);
        foreach (var (source, _, target, change) in _entries)
        {
            float[] values = state[source].ToFloats();
            change?.Invoke(values);
            target.Assign(values);
        }
    }

    /// <summary>Swaps the first and the last of the three input channels of a weight [out, 3, kernel, kernel], scaling channel c of the file by scale[c].</summary>
    public static Action<float[]> Colours(int taps, bool swap, params float[] scale) => values =>
    {
        for (int first = 0; first < values.Length; first += 3 * taps)
        {
            for (int c = 0; c < scale.Length; c++)
                for (int t = 0; t < taps; t++) values[first + c * taps + t] *= scale[c];
            for (int t = 0; swap && t < taps; t++)
                (values[first + t], values[first + 2 * taps + t]) = (values[first + 2 * taps + t], values[first + t]);
        }
    };
}
