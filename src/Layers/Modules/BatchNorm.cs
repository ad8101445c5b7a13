using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167) of channels: y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
/// While a tape is open, which is training, mean and (biased) variance are those of the batch, and the running ones move towards them
/// (the variance unbiased); without a tape, which is inference, the running ones normalise. <see cref="Frozen"/> keeps to the running
/// ones in training, too.
/// </summary>
/// <remarks>Names and values of the state are those of PyTorch: weight, bias, running_mean, running_var, num_batches_tracked.</remarks>
public abstract class BatchNorm : Layer
{
    private readonly BatchNormOptions _options;
    private readonly StateCounter? _batches;

    private protected BatchNorm(Vars vars, int channels, BatchNormOptions? options) : base(vars)
    {
        _options = options ?? new BatchNormOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (_options.Epsilon <= 0 || !float.IsFinite(_options.Epsilon))
            throw new ArgumentOutOfRangeException(nameof(options), _options.Epsilon, $"{GetType().Name}: epsilon must be positive.");
        if (_options.Momentum is { } momentum && !(momentum is >= 0f and <= 1f))
            throw new ArgumentOutOfRangeException(nameof(options), momentum, $"{GetType().Name}: momentum must lie in [0, 1].");
        Channels = channels;
        Weight = _options.Affine ? vars.Parameter("weight", [channels], Init.Ones) : null;
        Bias = _options.Affine ? vars.Parameter("bias", [channels], Init.Zeros) : null;
        if (!_options.TrackStatistics) return;
        RunningMean = vars.Buffer("running_mean", [channels], Init.Zeros);
        RunningVariance = vars.Buffer("running_var", [channels], Init.Ones);
        _batches = vars.Counter("num_batches_tracked");
    }

    /// <summary>Size of axis 1 of the input.</summary>
    public int Channels { get; }

    /// <summary>Scale: [channels]; null if the layer has none.</summary>
    public Parameter? Weight { get; }

    /// <summary>Shift: [channels]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Means that inference uses: [channels]; null if the layer tracks none.</summary>
    public StateBuffer? RunningMean { get; }

    /// <summary>Variances that inference uses: [channels]; null if the layer tracks none.</summary>
    public StateBuffer? RunningVariance { get; }

    /// <summary>Batches that the running statistics have seen; 0 if the layer tracks none.</summary>
    public long BatchesTracked => _batches?.Value ?? 0;

    /// <summary>True keeps the running statistics as they are and uses them in training, too (fine-tuning).</summary>
    public bool Frozen { get; set; }

    /// <summary>Normalises each channel.</summary>
    /// <param name="x">[samples, channels, ...], of the rank that the class says.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ShapeException">The rank or the channels are others, or a channel has one value in training.</exception>
    public sealed override Tensor Forward(Tensor x)
    {
        if (!Takes(x.Shape.Rank) || x.Shape[1] != Channels)
            throw new ShapeException(GetType().Name, $"{(Path.Length == 0 ? "the layer" : Path)} takes {Takes()}, got {x.Shape}.");
        bool training = Tape.Of(x.Device) is not null && !Frozen;
        if (RunningMean is null || RunningVariance is null) return x.BatchNorm(Weight, Bias, _options.Epsilon, _options.Relu);
        if (!training) return x.BatchNorm(RunningMean, RunningVariance, Weight, Bias, _options.Epsilon, _options.Relu);
        var running = new RunningStatistics(RunningMean, RunningVariance, Factor) { CapturedFactor = CaptureFactor(x.Device.Recording) };
        var y = x.BatchNorm(Weight, Bias, _options.Epsilon, _options.Relu, running);
        _batches!.Value++;
        return y;
    }

    private float Factor => _options.Momentum ?? 1f / (_batches!.Value + 1);

    // Each run of a captured step counts its batch, and without momentum takes the factor of that count.
    private DeviceBuffer? CaptureFactor(StepRecording? recording)
    {
        var word = _options.Momentum is null ? recording?.Words(1, words => words[0] = BitConverter.SingleToUInt32Bits(Factor)) : null;
        recording?.Repeat(() => _batches!.Value++);
        return word;
    }

    /// <summary>
    /// What inference computes as one multiplication and one addition, y = x * scale + shift for each channel, to be put into the weights
    /// of a convolution before it: scale = weight / sqrt(variance + epsilon), shift = bias - mean * scale.
    /// </summary>
    /// <exception cref="InvalidOperationException">The layer tracks no statistics.</exception>
    public (Tensor Scale, Tensor Shift) Fold()
    {
        if (RunningMean is null || RunningVariance is null)
            throw new InvalidOperationException($"{GetType().Name}: there are no running statistics to fold.");
        var scale = (RunningVariance + _options.Epsilon).Sqrt().Reciprocal();
        if (Weight is not null) scale *= Weight;
        var shift = -(RunningMean * scale);
        return (scale, Bias is null ? shift : shift + Bias);
    }

    private protected abstract bool Takes(int rank);

    private protected abstract string Takes();

    /// <inheritdoc/>
    protected override string Describe() =>
        $"{GetType().Name}({Channels}{(_options.Affine ? "" : ", no weight")}{(_options.TrackStatistics ? "" : ", no statistics")}{(_options.Relu ? ", Relu" : "")})";
}
