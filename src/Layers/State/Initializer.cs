namespace GpuNets;

/// <summary>Writes the initial values of a parameter.</summary>
/// <param name="values">Target, in row-major order.</param>
/// <param name="shape">Shape of the parameter; a weight is [out, in, ...].</param>
/// <param name="random">Random numbers of this parameter alone.</param>
public delegate void Initializer(Span<float> values, Shape shape, Philox random);
