namespace GpuNets.Models;

/// <summary>
/// Message passing neural network (Gilmer et al. 2017, https://arxiv.org/abs/1704.01212): m_v = sum over neighbours w of M_t(h_v, h_w, e_vw),
/// h_v' = U_t(h_v, m_v) for T steps, y = R({h_v^T}). The same numbers whatever the order of nodes and edges and whatever other graphs are in the batch.
/// </summary>
public sealed class MessagePassingNetwork : Module
{
    private readonly PassingStep[] _steps;
    private readonly Linear? _start;
    private readonly MasterNode? _master;
    private readonly IReadout _readout;

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="options">Sizes and pieces.</param>
    /// <param name="pieces">Pieces of one's own in place of those of the options.</param>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public MessagePassingNetwork(Vars vars, MessagePassingOptions options, MessagePassingPieces? pieces = null) : base(vars)
    {
        options.Validate();
        Options = options;
        pieces ??= new MessagePassingPieces();
        var make = new MessagePassingFactory(options);
        _start = options.Start == StateStart.Padded ? null : new Linear(vars["start"], options.Inputs, options.Size, new LinearOptions
        {
            Activation = Activation.Relu,
            WeightInitializer = Init.XavierUniform(),
            BiasInitializer = Init.Zeros,
        });
        _steps = new PassingStep[options.TieWeights ? 1 : options.Steps];
        for (int t = 0; t < _steps.Length; t++)
        {
            int step = t;
            _steps[t] = new PassingStep(
                options.TieWeights ? vars["step"] : vars["steps"][t], options.TowerSize, options.Towers, v => (pieces.Message ?? make.Message)(v, step),
                (v, size) => (pieces.Update ?? make.Update)(v, step, size),
                options.Mixing is { } hidden ? v => new Perceptron(v, options.Size, hidden, options.Size) : null);
        }
        if (options.MasterSize > 0) _master = new MasterNode(vars["master"], options.Size, _steps[0].MessageSize, options.MasterSize, options.UpdateBias);
        _readout = (pieces.Readout ?? make.Readout)(vars["readout"]);
    }

    /// <summary>Sizes and pieces.</summary>
    public MessagePassingOptions Options { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="input">A batch of graphs; any may lack nodes or edges.</param>
    /// <returns>[graphs, outputs].</returns>
    /// <exception cref="ShapeException">The graphs lack what the network reads, or have it in another shape.</exception>
    public Tensor Forward(GraphInput input) => _readout.Forward(States(input), input);

    /// <summary>The states of all steps.</summary>
    /// <param name="input">A batch of graphs.</param>
    /// <returns>h^0 to h^T, each [nodes, d].</returns>
    /// <exception cref="ShapeException">The graphs lack what the network reads, or have it in another shape.</exception>
    public IReadOnlyList<Tensor> States(GraphInput input)
    {
        Check(input);
        var graphs = input.Graphs;
        var edges = new EdgeStates(input);
        var steps = Array.ConvertAll(_steps, step => step.Open(edges));
        var states = new Tensor[Options.Steps + 1];
        states[0] = _start is null ? input.Nodes.Pad(1, 0, Options.Size - Options.Inputs) : _start.Forward(input.Nodes);
        var master = _master is null ? null : graphs.Device.Zeros((graphs.Count, _master.Size));
        for (int t = 0; t < Options.Steps; t++)
        {
            var extra = master is null ? null : _master!.Read(master, graphs);
            states[t + 1] = steps[steps.Length == 1 ? 0 : t](states[t], extra);
            if (master is not null && t + 1 < Options.Steps) master = _master!.Write(master, states[t], graphs);
        }
        return states;
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"MessagePassingNetwork({Options.Message}, {Options.Update}, {Options.Readout}, d {Options.Size}, {Options.Steps} steps"
        + $"{(Options.Towers > 1 ? $", {Options.Towers} towers" : "")}{(Options.MasterSize > 0 ? $", master {Options.MasterSize}" : "")})";

    private void Check(GraphInput input)
    {
        var graphs = input.Graphs;
        if (input.Nodes.Shape != new Shape(graphs.Nodes, Options.Inputs))
            throw new ShapeException("MessagePassingNetwork", $"features of nodes have shape {input.Nodes.Shape}, expected [{graphs.Nodes}, {Options.Inputs}].");
        if (input.Edges is { } edges && (edges.Shape.Rank != 2 || edges.Shape[0] != graphs.Edges))
            throw new ShapeException("MessagePassingNetwork", $"features of edges have shape {edges.Shape}, expected [{graphs.Edges}, {Options.EdgeInputs}].");
        if (input.Labels is { } labels && !ReferenceEquals(labels.Graphs, graphs))
            throw new ShapeException("MessagePassingNetwork", "the labels are those of other graphs; make them with Label of the graphs that they come with.");
        if (Options.Message == MessageKind.Matrices && input.Labels is { } kinds && kinds.Count != Options.Labels)
            throw new ShapeException("MessagePassingNetwork", $"the edges have {kinds.Count} labels, expected {Options.Labels}.");
    }
}
