using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Sizes of an attention and places of its operands, from the shapes of tensors; throws if they do not fit.</summary>
internal readonly struct AttentionShape
{
    private readonly string _operation;

    public AttentionShape(string operation, Tensor query, Tensor key, Tensor? value, AttentionOptions options)
    {
        _operation = operation;
        int rank = options.Heads is null ? 4 : 3;
        string layout = rank == 4 ? "[batch, heads, time, size]" : "[batch, time, heads * size]";
        Check(query, "the query", rank, layout);
        Check(key, "the key", rank, layout);
        if (value is not null) Check(value, "the value", rank, layout);
        foreach (var other in new[] { key, value })
            if (other is not null) Op.CheckDevice(operation, query.Device, other.Device);
        int heads = Heads(options, query);
        if (rank == 3)
            foreach (var (tensor, name) in new[] { (query, "query"), (key, "key"), (value ?? key, "value") })
                if (tensor.Shape[2] % heads != 0) throw new ShapeException(operation, $"the {name} {tensor.Shape} does not divide into {heads} heads.");
        int time = rank == 4 ? 2 : 1, each = rank == 4 ? 1 : heads;
        Size = new AttentionSize(query.Shape[0], heads, query.Shape[time], key.Shape[time], query.Shape[-1] / each, (value ?? key).Shape[-1] / each);
        Expect("the key", key, key.Shape.With(0, Size.Batch).With(rank - 1, Size.Size * each), query);
        if (rank == 4) Expect("the key", key, key.Shape.With(1, heads), query);
        if (value is not null) Expect("the value", value, key.Shape.With(rank - 1, value.Shape[-1]), query);
        CheckSizes();
        Query = Place(query, Size.Queries, Size.Size, rank);
        Key = Place(key, Size.Keys, Size.Size, rank);
        Value = value is null ? Key : Place(value, Size.Keys, Size.ValueSize, rank);
        Output = rank == 4 ? new Shape(Size.Batch, heads, Size.Queries, Size.ValueSize) : new Shape(Size.Batch, Size.Queries, heads * Size.ValueSize);
    }

    /// <summary>Queries, keys and values of one size side by side: [batch, time, 3 * heads * size].</summary>
    public AttentionShape(string operation, Tensor packed, AttentionOptions options)
    {
        _operation = operation;
        Check(packed, "the input", 3, "[batch, time, 3 * heads * size]");
        int heads = Heads(options, packed), row = packed.Shape[2], time = packed.Shape[1];
        if (row % (3 * heads) != 0) throw new ShapeException(operation, $"the input {packed.Shape} does not divide into query, key and value of {heads} heads.");
        int size = row / (3 * heads);
        Size = new AttentionSize(packed.Shape[0], heads, time, time, size, size);
        CheckSizes();
        Query = AttentionOperand.Joined(packed.Buffer, time, row, size);
        Key = AttentionOperand.Joined(packed.Buffer, time, row, size, heads * size);
        Value = AttentionOperand.Joined(packed.Buffer, time, row, size, 2 * heads * size);
        Output = new Shape(Size.Batch, time, heads * size);
    }

    /// <summary>Operands of known places; the result has heads side by side.</summary>
    public AttentionShape(string operation, AttentionSize size, in AttentionOperand query, in AttentionOperand key, in AttentionOperand value)
    {
        (_operation, Size, Query, Key, Value) = (operation, size, query, key, value);
        CheckSizes();
        Output = new Shape(size.Batch, size.Queries, size.Heads * size.ValueSize);
    }

    public AttentionSize Size { get; }

    public AttentionOperand Query { get; }

    public AttentionOperand Key { get; }

    public AttentionOperand Value { get; }

    /// <summary>Shape of the result.</summary>
    public Shape Output { get; }

    /// <summary>The place of the result, or of its gradient.</summary>
    public AttentionOperand Result(DeviceBuffer buffer) => Output.Rank == 4
        ? AttentionOperand.Apart(buffer, Size.Heads, Size.Queries, Size.ValueSize)
        : AttentionOperand.Joined(buffer, Size.Queries, Size.Heads * Size.ValueSize, Size.ValueSize);

    /// <summary>The problem with the masks, bias and dropout of the options.</summary>
    public AttentionProblem Problem(AttentionOptions options, Tensor query, bool dropout)
    {
        float scale = options.Scale ?? 1f / MathF.Sqrt(Size.Size);
        if (!float.IsFinite(scale)) throw new ArgumentOutOfRangeException(nameof(options), scale, $"{_operation}: the scale must be finite.");
        if (!(options.Dropout is >= 0f and < 1f))
            throw new ArgumentOutOfRangeException(nameof(options), options.Dropout, $"{_operation}: the dropout must lie in [0, 1).");
        if (options is { Dropout: > 0f, Random: null }) throw new ArgumentException($"{_operation}: dropout needs a source of random numbers.", nameof(options));
        CheckLengths(options.Lengths, query);
        CheckBias(options.Bias, query);
        bool drops = dropout && options.Dropout > 0f;
        return new AttentionProblem
        {
            Size = Size,
            Query = Query,
            Key = Key,
            Value = Value,
            Scale = scale,
            Causal = (int)options.Causal,
            Shift = options.CausalShift,
            Lengths = options.Lengths?.Buffer,
            Bias = options.Bias?.Buffer,
            BiasSamples = options.Bias?.Shape[0] ?? 1,
            BiasHeads = options.Bias?.Shape[1] ?? 1,
            Dropout = drops ? options.Dropout : 0f,
            Random = drops ? options.Random!.Next() : default,
        };
    }

    private int Heads(AttentionOptions options, Tensor query)
    {
        int heads = options.Heads ?? query.Shape[1];
        if (options.Heads is < 1) throw new ArgumentOutOfRangeException(nameof(options), heads, $"{_operation}: there must be a head or more.");
        return heads;
    }

    private void CheckSizes()
    {
        if (Size.Size is < 1 or > AttentionSize.LargestSize || Size.ValueSize is < 1 or > AttentionSize.LargestSize)
            throw new ShapeException(_operation, $"heads must have 1 to {AttentionSize.LargestSize} features, got {Size.Size} and values of {Size.ValueSize}.");
    }

    private void Check(Tensor tensor, string name, int rank, string layout)
    {
        if (tensor.Shape.Rank != rank) throw new ShapeException(_operation, $"{name} has shape {tensor.Shape}, expected {layout}.");
    }

    private void Expect(string name, Tensor tensor, Shape shape, Tensor query)
    {
        if (tensor.Shape != shape) throw new ShapeException(_operation, $"{name} has shape {tensor.Shape}, expected {shape} for the query {query.Shape}.");
    }

    private void CheckLengths(IndexTensor? lengths, Tensor query)
    {
        if (lengths is null) return;
        Op.CheckDevice(_operation, query.Device, lengths.Device);
        if (lengths.Shape != Size.Batch) throw new ShapeException(_operation, $"lengths have shape {lengths.Shape}, expected [{Size.Batch}] for the query {query.Shape}.");
        if (lengths.Count > 0 && (lengths.Minimum < 0 || lengths.Maximum > Size.Keys))
            throw new ShapeException(_operation, $"lengths reach from {lengths.Minimum} to {lengths.Maximum}, expected 0 to {Size.Keys}, the number of keys.");
    }

    private void CheckBias(Tensor? bias, Tensor query)
    {
        if (bias is null) return;
        Op.CheckDevice(_operation, query.Device, bias.Device);
        if (bias.Shape.Rank != 4 || bias.Shape[0] != 1 && bias.Shape[0] != Size.Batch || bias.Shape[1] != 1 && bias.Shape[1] != Size.Heads
            || bias.Shape[2] != Size.Queries || bias.Shape[3] != Size.Keys)
            throw new ShapeException(
                _operation, $"the bias has shape {bias.Shape}, expected [1 or {Size.Batch}, 1 or {Size.Heads}, {Size.Queries}, {Size.Keys}].");
    }

    private static AttentionOperand Place(Tensor tensor, int time, int size, int rank) => rank == 4
        ? AttentionOperand.Apart(tensor.Buffer, tensor.Shape[1], time, size)
        : AttentionOperand.Joined(tensor.Buffer, time, tensor.Shape[2], size);
}
