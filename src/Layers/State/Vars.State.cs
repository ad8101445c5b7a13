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

    /// <summary>Names in the checkpoint that no parameter has asked for; empty without a checkpoint.</summary>
    public IReadOnlyList<string> Unused =>
        _root.Checkpoint is null ? [] : [.. _root.Checkpoint.Names.Where(name => !_root.Parameters.ContainsKey(name))];

    /// <summary>Copies the parameters at and below this cursor to the host; their names are relative to it.</summary>
    public StateDict State()
    {
        // Readers of the Python ecosystem ask for this entry.
        var state = new StateDict { Metadata = { ["format"] = "pt" } };
        foreach (var parameter in Parameters) state.Add(StateTensor.From(NameOf(parameter), LongShape(parameter.Shape), parameter.ToArray()));
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
        foreach (var parameter in Parameters) parameter.Assign(state[NameOf(parameter)].ToFloats());
    }

    /// <summary>Checks that a state fits the parameters at and below this cursor, without loading it.</summary>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all.</exception>
    public void Require(StateDict state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require(Parameters.Select(p => KeyValuePair.Create(NameOf(p), (IReadOnlyList<long>)LongShape(p.Shape))));
    }

    private string NameOf(Parameter parameter) => Path.Length == 0 ? parameter.Path : parameter.Path[(Path.Length + 1)..];

    private static long[] LongShape(Shape shape) => [.. shape.Select(size => (long)size)];

    private float[]? Saved(string path, Shape shape)
    {
        if (_root.Checkpoint is not { } checkpoint) return null;
        var tensor = checkpoint[path];
        if (!tensor.Shape.SequenceEqual(LongShape(shape)))
            throw new StateDictException(checkpoint.Source, path, $"it is {StateTensor.Print(tensor.Shape.AsSpan())} but the model has {shape}");
        return tensor.ToFloats();
    }
}
