using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GpuNets;

/// <summary>
/// Named tensors on the host, in order: what a model or an optimiser saves and loads. Files are in the safetensors format,
/// names and layouts those of PyTorch.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "State dict is what the concept is called everywhere.")]
public sealed class StateDict : IReadOnlyCollection<StateTensor>
{
    private readonly OrderedDictionary<string, StateTensor> _tensors = [];

    /// <summary>Where the state came from, for messages: the file's path, or "state".</summary>
    public string Source { get; private init; } = "state";

    /// <summary>Text to go with the tensors (<c>__metadata__</c> in the file).</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="StateDictException">There is none.</exception>
    public StateTensor this[string name] => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new StateDictException(Source, name, $"not there; the state has {Count} tensors");

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="StateDictException">The file is damaged.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    public static StateDict Load(string path)
    {
        using var reader = new SafetensorsReader(path);
        var state = new StateDict { Source = path };
        foreach (var (key, value) in reader.Metadata) state.Metadata.Add(key, value);
        foreach (var entry in reader.Entries) state.Add(reader.Read(entry.Name));
        return state;
    }

    /// <summary>
    /// Writes a file in one step: readers, and a crash at any moment, see either the file from before or the new one whole.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the state to a stream in the safetensors format.</summary>
    public void Write(Stream stream) =>
        SafetensorsWriter.Write(stream, _tensors.Values, (IReadOnlyDictionary<string, string>)Metadata);

    /// <summary>Appends a tensor.</summary>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(StateTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_tensors.TryAdd(tensor.Name, tensor))
            throw new ArgumentException($"{Source} has a tensor {StateDictException.Quote(tensor.Name)} already.", nameof(tensor));
    }

    /// <summary>Finds a tensor.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StateTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <summary>Compares with the names and shapes a model has; types may differ as long as they convert to float.</summary>
    /// <param name="expected">Name and dimensions of every tensor of the model.</param>
    /// <exception cref="StateDictException">Lists all names that are missing, unexpected or of another shape.</exception>
    public void Require(IEnumerable<KeyValuePair<string, IReadOnlyList<long>>> expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        List<string> missing = [], mismatched = [];
        HashSet<string> known = [];
        foreach (var (name, shape) in expected)
        {
            known.Add(name);
            if (!TryGet(name, out var tensor)) missing.Add(name);
            else if (!tensor.Shape.SequenceEqual(shape))
                mismatched.Add($"{StateDictException.Quote(name)} is {StateTensor.Print(tensor.Shape.AsSpan())} but the model has {StateTensor.Print([.. shape])}");
            else if (!tensor.Type.IsConvertible())
                mismatched.Add($"{StateDictException.Quote(name)} has elements of type {tensor.Type}, which do not convert to float");
        }
        List<string> unexpected = [.. Names.Where(name => !known.Contains(name))];
        if (missing.Count + unexpected.Count + mismatched.Count > 0)
            throw new StateDictException(Source, missing, unexpected, mismatched);
    }

    /// <inheritdoc/>
    public IEnumerator<StateTensor> GetEnumerator() => _tensors.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
