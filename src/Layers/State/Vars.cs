namespace GpuNets;

/// <summary>
/// A cursor that creates parameters: a device, a path, a seed. The only way to get a <see cref="Parameter"/>.
/// <c>new Linear(vars["encoder"]["0"], 8, 16)</c> makes <c>encoder.0.weight</c> and <c>encoder.0.bias</c>.
/// </summary>
/// <remarks>Initial values depend on the seed and a parameter's path alone, not on the order of creation or the device.</remarks>
public sealed partial class Vars
{
    private readonly Root _root;

    /// <summary>The root of a new, empty set of parameters.</summary>
    /// <param name="device">Where parameters live.</param>
    /// <param name="seed">Seed of their initial values.</param>
    public Vars(Device device, ulong seed = 0)
    {
        _root = new Root(device, seed, null);
        Path = "";
    }

    private Vars(Root root, string path)
    {
        _root = root;
        Path = path;
    }

    /// <summary>Where parameters live.</summary>
    public Device Device => _root.Device;

    /// <summary>Seed of the initial values.</summary>
    public ulong Seed => _root.Seed;

    /// <summary>Random numbers of training (dropout), one source for the whole tree; a checkpoint keeps its <see cref="RandomSource.State"/>.</summary>
    public RandomSource Random => _root.Random;

    /// <summary>Dotted path of this cursor; empty at the root.</summary>
    public string Path { get; }

    /// <summary>The cursor one level down.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public Vars this[string name]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            return new Vars(_root, Join(name));
        }
    }

    /// <inheritdoc cref="this[string]"/>
    public Vars this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The parameters at and below this cursor, in order of creation.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _root.Parameters.Values.Where(parameter => Holds(parameter.Path))];

    /// <summary>The tensors at and below this cursor that are saved but not trained, in order of creation.</summary>
    public IReadOnlyList<StateBuffer> Buffers => [.. _root.Buffers.Values.Where(buffer => Holds(buffer.Path))];

    /// <summary>The saved numbers at and below this cursor, in order of creation.</summary>
    public IReadOnlyList<StateCounter> Counters => [.. _root.Counters.Values.Where(counter => Holds(counter.Path))];

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">Its last name: <c>weight</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">Its initial values, see <see cref="Init"/>.</param>
    /// <exception cref="StateException">A parameter of this path exists.</exception>
    /// <exception cref="StateDictException">There is a checkpoint, and it lacks the parameter or has it in another shape.</exception>
    public Parameter Parameter(string name, Shape shape, Initializer initializer)
    {
        string path = NewPath(name);
        var values = Saved(path, shape) ?? Initial(path, shape, initializer);
        var parameter = new Parameter(path, shape, Device.Allocate(shape.Count), _root.Parameters);
        parameter.Assign(values);
        _root.Parameters.Add(path, parameter);
        return parameter;
    }

    /// <summary>Creates a tensor that is saved with the parameters but not trained.</summary>
    /// <param name="name">Its last name: <c>running_mean</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">Its initial values, see <see cref="Init"/>.</param>
    /// <exception cref="StateException">There is something of this path.</exception>
    /// <exception cref="StateDictException">There is a checkpoint, and it lacks the tensor or has it in another shape.</exception>
    public StateBuffer Buffer(string name, Shape shape, Initializer initializer)
    {
        string path = NewPath(name);
        var values = Saved(path, shape) ?? Initial(path, shape, initializer);
        var buffer = new StateBuffer(path, shape, Device.Allocate(shape.Count));
        buffer.Assign(values);
        _root.Buffers.Add(path, buffer);
        return buffer;
    }

    /// <summary>Creates a number that is saved with the parameters; it begins at 0.</summary>
    /// <param name="name">Its last name: <c>num_batches_tracked</c>.</param>
    /// <exception cref="StateException">There is something of this path.</exception>
    /// <exception cref="StateDictException">There is a checkpoint, and it lacks the number.</exception>
    public StateCounter Counter(string name)
    {
        string path = NewPath(name);
        var counter = new StateCounter(path, SavedNumber(path) ?? 0);
        _root.Counters.Add(path, counter);
        return counter;
    }

    internal void Register(Module module) => _root.Modules.Add((Path, module));

    /// <summary>Modules below a path, in order of creation.</summary>
    internal IEnumerable<(string Path, Module Module)> Modules => _root.Modules;

    private string NewPath(string name)
    {
        string path = Join(name);
        if (_root.Has(path)) throw new StateException($"Vars: a parameter named {path} exists; give each layer its own path.");
        return path;
    }

    private bool Holds(string path) => Path.Length == 0 || path.StartsWith(Path + ".", StringComparison.Ordinal);

    private string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private float[] Initial(string path, Shape shape, Initializer initializer)
    {
        var values = new float[shape.Count];
        initializer(values, shape, new Philox(Seed).Fork(path));
        return values;
    }

    private sealed class Root(Device device, ulong seed, StateDict? checkpoint)
    {
        public StateDict? Checkpoint { get; } = checkpoint;
        public Device Device { get; } = device;
        public ulong Seed { get; } = seed;
        public RandomSource Random { get; } = new(new Philox(seed).Fork("random").Seed);   // never the sequence of an initial value
        public OrderedDictionary<string, Parameter> Parameters { get; } = [];
        public OrderedDictionary<string, StateBuffer> Buffers { get; } = [];
        public OrderedDictionary<string, StateCounter> Counters { get; } = [];

        public bool Has(string path) => Parameters.ContainsKey(path) || Buffers.ContainsKey(path) || Counters.ContainsKey(path);

        public List<(string Path, Module Module)> Modules { get; } = [];
    }
}
