namespace GpuNets;

public sealed partial class Vars
{
    /// <summary>The root of a set of parameters whose values come from a checkpoint instead of initialisers.</summary>
    /// <param name="device">Where parameters live.</param>
    /// <param name="checkpoint">Values by path; a parameter it lacks, or has in another shape, is an error when it is created.</param>
    /// <param name="seed">Seed of everything else that is random, such as dropout.</param>
    public Vars(Device device, StateDict checkpoint, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _root = new Root(device, seed, checkpoint);
        Path = "";
    }

    /// <summary>Names in the checkpoint that nothing has asked for; empty without a checkpoint.</summary>
    public IReadOnlyList<string> Unused =>
        _root.Checkpoint is null ? [] : [.. _root.Checkpoint.Names.Where(name => !_root.Has(name))];

    /// <summary>Copies parameters, buffers and counters at and below this cursor to the host; their names are relative to it.</summary>
    public StateDict State()
    {
        // Readers of the Python ecosystem ask for this entry.
        var state = new StateDict { Metadata = { ["format"] = "pt" } };
        foreach (var parameter in Parameters) state.Add(StateTensor.From(NameOf(parameter.Path), LongShape(parameter.Shape), parameter.ToArray()));
        foreach (var buffer in Buffers) state.Add(StateTensor.From(NameOf(buffer.Path), LongShape(buffer.Shape), buffer.ToArray()));
        foreach (var counter in Counters) state.Add(StateTensor.From(NameOf(counter.Path), [], [counter.Value]));
        return state;
    }

    /// <summary>Writes the parameters at and below this cursor as a safetensors file, in one step: a crash leaves the old file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => State().Save(path);

    /// <summary>Reads the parameters at and below this cursor from a safetensors file.</summary>
    /// <exception cref="StateDictException">The file is damaged or does not fit, and nothing was changed; lists all names that differ.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    public void Load(string path) => Load(StateDict.Load(path));

    /// <summary>Gives the parameters at and below this cursor saved values.</summary>
    /// <exception cref="StateDictException">Names or shapes differ, and nothing was changed; lists them all.</exception>
    public void Load(StateDict state)
    {
        Require(state);
        // Before anything is changed: the only conversion that a value can fail.
        long[] numbers = [.. Counters.Select(counter => state[NameOf(counter.Path)].ToInt64()[0])];
        foreach (var parameter in Parameters) parameter.Assign(state[NameOf(parameter.Path)].ToFloats());
        foreach (var buffer in Buffers) buffer.Assign(state[NameOf(buffer.Path)].ToFloats());
        foreach (var (counter, number) in Counters.Zip(numbers)) counter.Value = number;
    }

    /// <summary>Checks that a state fits the parameters at and below this cursor, without loading it.</summary>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all.</exception>
    public void Require(StateDict state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require(
        [
            .. Parameters.Select(p => KeyValuePair.Create(NameOf(p.Path), (IReadOnlyList<long>)LongShape(p.Shape))),
            .. Buffers.Select(b => KeyValuePair.Create(NameOf(b.Path), (IReadOnlyList<long>)LongShape(b.Shape))),
            .. Counters.Select(c => KeyValuePair.Create(NameOf(c.Path), (IReadOnlyList<long>)[])),
        ]);
    }

    private string NameOf(string path) => Path.Length == 0 ? path : path[(Path.Length + 1)..];

    private static long[] LongShape(Shape shape) => [.. shape.Select(size => (long)size)];

    private long? SavedNumber(string path)
    {
        if (_root.Checkpoint is not { } checkpoint) return null;
        var tensor = checkpoint[path];
        return tensor.Shape.IsEmpty
            ? tensor.ToInt64()[0]
            : throw new StateDictException(checkpoint.Source, path, $"it is {StateTensor.Print(tensor.Shape.AsSpan())} but the model has []");
    }

    private float[]? Saved(string path, Shape shape)
    {
        if (_root.Checkpoint is not { } checkpoint) return null;
        var tensor = checkpoint[path];
        if (!tensor.Shape.SequenceEqual(LongShape(shape)))
            throw new StateDictException(checkpoint.Source, path, $"it is {StateTensor.Print(tensor.Shape.AsSpan())} but the model has {shape}");
        return tensor.ToFloats();
    }
}
