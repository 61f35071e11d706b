package com.opengrail.kafka.sse.examples.boot;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.KafkaSseMeterBinder;
import com.opengrail.kafka.sse.KafkaSseServlet;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The beans. Spring calls the engine's {@code close} again at the end, which does nothing then. */
@SpringBootApplication
@EnableConfigurationProperties(StreamsProperties.class)
public class StreamsApplication {

    public static void main(String[] args) {
        SpringApplication.run(StreamsApplication.class, args);
    }

    @Bean
    KafkaSse engine(StreamsProperties properties) {
        return properties.engine();
    }

    @Bean
    ServletRegistrationBean<KafkaSseServlet> streams(KafkaSse engine) {
        return new ServletRegistrationBean<>(new KafkaSseServlet(engine), "/streams/*");
    }

    @Bean
    MeterBinder streamMeters(KafkaSse engine) {
        return new KafkaSseMeterBinder(engine.metrics());
    }
}
